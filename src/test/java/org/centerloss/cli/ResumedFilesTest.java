package org.centerloss.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.centerloss.train.RunDirectory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The CSV files of a run that goes on, as a program reads them. */
class ResumedFilesTest {
    private static final List<String> NAMES =
            List.of(
                    "plain",
                    "new\nline",
                    "cr\rx",
                    "crlf\r\nend",
                    "\n",
                    "quo\"te",
                    "\"full\"",
                    "com,ma",
                    "=1+1",
                    "1,accuracy,x\n2,y");
    private static final List<String> TABLES =
            List.of("metrics.csv", "classes.csv", "steps.csv", "profile.csv");

    @TempDir private static Path folder;

    /** A run of two epochs that nothing interrupted. */
    private static Path whole;

    @BeforeAll
    static void train() {
        for (String name : NAMES) {
            for (int i = 0; i < 4; i++) {
                int level = 20 * NAMES.indexOf(name) + 10 + i;
                TinyRun.image(folder.resolve("images/" + name + "/" + i + ".png"), 12, i, level);
            }
        }
        whole = folder.resolve("whole");
        trainEpochs(2, whole);
    }

    private static void trainEpochs(int epochs, Path run) {
        succeed(
                "--out",
                run.toString(),
                "--dataset",
                folder.resolve("images").toString(),
                "--epochs",
                String.valueOf(epochs),
                "--batch-size",
                "4",
                "--log-interval",
                "1");
    }

    private static void succeed(String... arguments) {
        List<String> all =
                new ArrayList<>(List.of("train", "--device=cpu", "--no-report", "--profile"));
        all.addAll(List.of(arguments));
        TinyRun.Result result = TinyRun.run(all);
        assertEquals(0, result.code(), result.err());
    }

    private static List<CSVRecord> records(Path file) throws IOException {
        try (CSVParser parser = CSVParser.parse(Files.newBufferedReader(file), CSVFormat.RFC4180)) {
            return parser.getRecords();
        }
    }

    /** All cells but those that tell of time. */
    private static List<List<String>> lasting(Path file) throws IOException {
        String name = file.getFileName().toString();
        int timed = name.equals("metrics.csv") ? 1 : name.equals("profile.csv") ? 2 : 0;
        return records(file).stream()
                .map(record -> record.toList().subList(0, record.size() - timed))
                .toList();
    }

    @Test
    void namesWithLineBreaksAndQuotesSurviveAResumption() throws IOException {
        Path run = folder.resolve("run");
        trainEpochs(1, run);
        succeed("--resume", run.toString(), "--epochs", "2");
        try (Stream<Path> files = Files.list(whole)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".csv")).toList()) {
                assertEquals(lasting(file), lasting(run.resolve(file.getFileName())));
            }
        }
        long named =
                records(run.resolve("classes.csv")).stream()
                        .filter(record -> record.get(0).equals("2"))
                        .filter(record -> record.get(1).equals("accuracy"))
                        .filter(record -> NAMES.contains(record.get(2).replaceFirst("^'", "")))
                        .count();
        assertEquals(NAMES.size(), named);
    }

    /** What is left where a process dies, or the disk is full, while the header is written. */
    @ParameterizedTest
    @CsvSource({"0, true", "0, false", "7, true", "7, false", "1000, true", "1000, false"})
    void aHeaderThatWasCutOffIsWrittenAgain(int bytes, boolean withCheckpoint) throws IOException {
        Path run = folder.resolve("cut-%d-%b".formatted(bytes, withCheckpoint));
        trainEpochs(1, run);
        for (String table : TABLES) {
            String header = Files.readAllLines(whole.resolve(table)).get(0);
            Files.writeString(
                    run.resolve(table), header.substring(0, Math.min(bytes, header.length())));
        }
        if (!withCheckpoint) {
            Files.delete(RunDirectory.last(run));
        }
        succeed("--resume", run.toString(), "--epochs", "2");
        for (String table : TABLES) {
            List<List<String>> expected = new ArrayList<>(lasting(whole.resolve(table)));
            if (withCheckpoint) {
                int epoch = expected.get(0).indexOf("epoch");
                expected.removeIf(cells -> cells.get(epoch).equals("1"));
            }
            assertEquals(expected, lasting(run.resolve(table)), table);
        }
    }
}
