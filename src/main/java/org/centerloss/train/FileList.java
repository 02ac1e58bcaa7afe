package org.centerloss.train;

import java.io.BufferedWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.centerloss.base.InputException;
import org.centerloss.base.SpreadsheetCell;
import org.centerloss.base.WholeFile;
import org.centerloss.data.Part;
import org.centerloss.data.folder.DataFile;

/**
 * The image files that a run was made with, as its {@code data.csv} keeps them: a line for each,
 * with its part ({@code train}, {@code validation}, {@code test}, or {@code skipped} where it was
 * left out), its class, where it lies below the folder, its size in bytes and its SHA-256.
 */
final class FileList {
    private static final CSVFormat FORMAT =
            CSVFormat.RFC4180.builder().setRecordSeparator('\n').get();
    private static final List<String> COLUMNS = List.of("part", "class", "file", "bytes", "sha256");
    private static final String SKIPPED = "skipped";
    private static final int MOST_BYTES = 1 << 30;

    private FileList() {}

    static void write(List<DataFile> files, OutputStream out) throws IOException {
        Writer writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
        FORMAT.printRecord(writer, COLUMNS.toArray());
        for (DataFile file : files) {
            FORMAT.printRecord(
                    writer,
                    file.part() == null ? SKIPPED : name(file.part()),
                    SpreadsheetCell.of(file.category()),
                    SpreadsheetCell.of(file.name()),
                    file.size(),
                    file.sha256());
        }
        writer.flush();
    }

    private static String name(Part part) {
        return part.name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws InputException where it is damaged, naming file, line and column
     */
    static List<DataFile> read(Path file) {
        List<DataFile> files = new ArrayList<>();
        Set<String> names = new HashSet<>();
        try (CSVParser parser = CSVParser.parse(text(file), FORMAT)) {
            for (CSVRecord line : parser) {
                if (line.getRecordNumber() == 1) {
                    require(
                            file,
                            line,
                            0,
                            line.toList().equals(COLUMNS),
                            String.join(",", COLUMNS));
                } else {
                    require(file, line, 0, line.size() == COLUMNS.size(), "5 cells");
                    files.add(parse(file, line));
                    require(file, line, 2, names.add(line.get(2)), "every file once");
                }
            }
        } catch (IOException | UncheckedIOException e) {
            Throwable cause = e instanceof UncheckedIOException u ? u.getCause() : e;
            throw new InputException(
                    cause instanceof CharacterCodingException
                            ? file + ": expected lines of text, found other bytes"
                            : "%s: cannot be read: %s"
                                    .formatted(file, InputException.reason((IOException) cause)),
                    e);
        }
        require(file, !files.isEmpty(), "a line for each image, found none");
        return files;
    }

    private static Reader text(Path file) throws IOException {
        return new InputStreamReader(
                new ByteArrayInputStream(WholeFile.read(file, MOST_BYTES)),
                StandardCharsets.UTF_8.newDecoder());
    }

    private static DataFile parse(Path file, CSVRecord line) {
        Part part = null;
        if (!line.get(0).equals(SKIPPED)) {
            for (Part one : Part.values()) {
                part = name(one).equals(line.get(0)) ? one : part;
            }
            require(file, line, 0, part != null, "train, validation, test or skipped");
        }
        require(file, line, 1, !line.get(1).isEmpty(), "the name of a class");
        require(file, line, 3, line.get(3).matches("\\d{1,18}"), "a number of bytes");
        boolean digest =
                line.get(4).matches("[0-9a-f]{64}") || part == null && line.get(4).isEmpty();
        require(file, line, 4, digest, "a SHA-256 of 64 hexadecimal digits");
        return new DataFile(
                part,
                SpreadsheetCell.name(line.get(1)),
                SpreadsheetCell.name(line.get(2)),
                Long.parseLong(line.get(3)),
                line.get(4));
    }

    private static void require(
            Path file, CSVRecord line, int column, boolean sound, String expected) {
        if (!sound) {
            throw new InputException(
                    "%s: line %d, column %s: expected %s, found '%s'"
                            .formatted(
                                    file,
                                    line.getRecordNumber(),
                                    COLUMNS.get(column),
                                    expected,
                                    line.size() > column ? line.get(column) : ""));
        }
    }

    private static void require(Path file, boolean sound, String expected) {
        if (!sound) {
            throw new InputException("%s: expected %s".formatted(file, expected));
        }
    }
}
