package org.centerloss.format;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.function.DoublePredicate;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.centerloss.base.Bounds;
import org.centerloss.base.InputException;
import org.centerloss.base.WholeFile;

/**
 * A CSV file with a header, read whole. A last line without its end was cut off by a crash, or is
 * being written, and is passed over.
 */
public final class CsvTable {
    private static final int MOST_BYTES = 256 << 20;

    private final Path file;
    private final List<String> columns;
    private final List<CSVRecord> rows;

    private CsvTable(Path file, List<String> columns, List<CSVRecord> rows) {
        this.file = file;
        this.columns = columns;
        this.rows = rows;
    }

    /**
     * Reads a file.
     *
     * @throws InputException if it is missing, no text, or no table
     */
    public static CsvTable read(Path file) {
        String text = text(file);
        String whole = text.substring(0, text.lastIndexOf('\n') + 1);
        try (CSVParser parser = CSVParser.parse(whole, CSVFormat.DEFAULT)) {
            List<CSVRecord> records = parser.getRecords();
            if (records.isEmpty()) {
                throw new InputException(file + ": expected a line of column names, found none");
            }
            List<String> columns = records.get(0).toList();
            if (new HashSet<>(columns).size() < columns.size()) {
                throw new InputException(
                        file + ": expected each column once, found " + Bounds.shown(columns));
            }
            return new CsvTable(file, columns, records.subList(1, records.size()));
        } catch (IOException | UncheckedIOException | IllegalStateException e) {
            throw new InputException(
                    file + ": expected values between commas, each in quotes as a whole or not", e);
        }
    }

    private static String text(Path file) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(WholeFile.read(file, MOST_BYTES));
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (NoSuchFileException e) {
            throw new InputException(file + ": expected a file of the run, found none", e);
        } catch (CharacterCodingException e) {
            throw new InputException(file + ": expected lines of text, found other bytes", e);
        } catch (IOException e) {
            throw new InputException(file + ": cannot be read: " + InputException.reason(e), e);
        }
    }

    /** The names of the columns, in order. */
    public List<String> columns() {
        return columns;
    }

    /** The number of lines after the header. */
    public int rows() {
        return rows.size();
    }

    /**
     * Checks that there is a column.
     *
     * @throws InputException if there is none of that name
     */
    public void requireColumn(String column) {
        if (!columns.contains(column)) {
            throw new InputException(
                    "%s: expected a column '%s', found %s"
                            .formatted(file, column, Bounds.shown(columns)));
        }
    }

    /**
     * A cell.
     *
     * @throws InputException if there is no such column or the line ends before it
     */
    public String text(int row, String column) {
        requireColumn(column);
        int index = columns.indexOf(column);
        CSVRecord record = rows.get(row);
        if (index >= record.size()) {
            throw failure(row, column, "a value", "none");
        }
        return record.get(index);
    }

    /**
     * The number in a cell.
     *
     * @param expected what it must be, in words
     * @param holds whether it is
     * @throws InputException if it is not
     */
    public double number(int row, String column, String expected, DoublePredicate holds) {
        String text = text(row, column);
        try {
            double value = Double.parseDouble(text);
            if (holds.test(value)) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw failure(row, column, expected, "'" + Bounds.shown(text) + "'");
        }
        throw failure(row, column, expected, text);
    }

    /**
     * The numbers of a column, as {@link #number} reads each.
     *
     * @throws InputException if there is no such column, or a number is not as expected
     */
    public double[] numbers(String column, String expected, DoublePredicate holds) {
        requireColumn(column);
        double[] numbers = new double[rows()];
        for (int row = 0; row < numbers.length; row++) {
            numbers[row] = number(row, column, expected, holds);
        }
        return numbers;
    }

    private InputException failure(int row, String column, String expected, String found) {
        return new InputException(
                "%s: line %d, column %s: expected %s, found %s"
                        .formatted(file, row + 2, column, expected, found));
    }
}
