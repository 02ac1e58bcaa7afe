package org.centerloss.cli.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.centerloss.cli.TinyRun;
import org.centerloss.train.RunDirectory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code train --sweep} on the real command line. */
class SweepTest {
    @TempDir private Path folder;

    private List<String> arguments(String grid, String... more) {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "train",
                                "--dataset",
                                new TinyRun(folder).makeImages().toString(),
                                "--device",
                                "cpu",
                                "--no-report",
                                "--batch-size",
                                "4",
                                "--out",
                                folder.resolve("sweep").toString(),
                                "--sweep",
                                grid));
        arguments.addAll(List.of(more));
        if (!arguments.contains("--epochs")) {
            arguments.addAll(List.of("--epochs", "1"));
        }
        return arguments;
    }

    private TinyRun.Result sweep(String grid, String... more) {
        return TinyRun.run(arguments(grid, more));
    }

    private TinyRun.Result sweepWithReports(String grid) {
        List<String> arguments = arguments(grid);
        arguments.remove("--no-report");
        return TinyRun.run(arguments);
    }

    private List<CSVRecord> summary() throws IOException {
        CSVFormat format = CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).get();
        Path file = folder.resolve("sweep").resolve("summary.csv");
        try (CSVParser parser = CSVParser.parse(Files.newBufferedReader(file), format)) {
            return parser.getRecords();
        }
    }

    @Test
    void everyCombinationIsTrainedAndTheBestComesFirst() throws IOException {
        TinyRun.Result run = sweep("lr=0.02,0.001 weight_inter=0.05,0.1");
        assertEquals(0, run.code(), run.err());
        List<CSVRecord> rows = summary();
        assertEquals(4, rows.size());
        double before = 1;
        for (CSVRecord row : rows) {
            assertEquals("finished", row.get("state"));
            Path own = Path.of(row.get("run_directory"));
            assertEquals(
                    "lr=%s_weight-inter=%s".formatted(row.get("lr"), row.get("weight-inter")),
                    own.getFileName().toString());
            RunDirectory.Configuration configuration = RunDirectory.readConfig(own);
            assertEquals(
                    Double.parseDouble(row.get("lr")),
                    configuration.config().optimization().learningRate());
            assertEquals(
                    Double.parseDouble(row.get("weight-inter")),
                    configuration.config().loss().settings().interWeight());
            assertEquals(
                    Double.parseDouble(row.get("weight-inter")),
                    configuration.options().get("weight-inter"));
            assertFalse(configuration.options().containsKey("sweep"));
            double accuracy = Double.parseDouble(row.get("test_accuracy"));
            assertTrue(accuracy <= before, "sorted");
            before = accuracy;
        }
        assertTrue(run.out().contains("run 4 of 4: lr=0.001 weight-inter=0.1"), run.out());
        assertTrue(run.out().contains("test accuracy  best epoch"), run.out());
        String markdown = Files.readString(folder.resolve("sweep").resolve("summary.md"));
        assertTrue(markdown.startsWith("| lr | weight-inter | test accuracy |"), markdown);
    }

    @Test
    void aSecondTimeOnlyWhatIsNewIsTrained() throws IOException {
        assertEquals(0, sweep("lr=0.02").code());
        byte[] weights = lastOf("lr=0.02");
        TinyRun.Result run = sweep("lr=0.02,0.001");
        assertEquals(0, run.code(), run.err());
        assertTrue(run.out().contains("lr=0.02: finished before"), run.out());
        assertTrue(run.out().contains("run 2 of 2: lr=0.001"), run.out());
        assertFalse(run.out().contains("run 1 of 2"), run.out());
        assertEquals(2, summary().size());
        assertArrayEquals(weights, lastOf("lr=0.02"));
    }

    /** What a process leaves that is killed while it writes the first files of a run. */
    @Test
    void aCombinationThatDiedBeforeItBeganIsTrained() throws IOException {
        Path begun = Files.createDirectories(folder.resolve("sweep/lr=0.02/checkpoints"));
        for (String file : List.of(".lock", "data.csv", ".config.json.tmp")) {
            Files.writeString(begun.resolveSibling(file), "cut off");
        }
        TinyRun.Result run = sweep("lr=0.02,0.001");
        assertEquals(0, run.code(), run.err());
        assertEquals(2, summary().size());
        assertTrue(summary().stream().allMatch(row -> row.get("state").equals("finished")));
    }

    @Test
    void aCombinationThatFinishedWithoutItsReportGetsIt() throws IOException {
        assertEquals(0, sweep("lr=0.02").code());
        byte[] weights = lastOf("lr=0.02");
        assertEquals(0, sweepWithReports("lr=0.02").code());
        Path report = folder.resolve("sweep/lr=0.02/report.html");
        assertTrue(Files.exists(report));
        assertArrayEquals(weights, lastOf("lr=0.02"));
        TinyRun.Result again = sweepWithReports("lr=0.02");
        assertTrue(again.out().contains("lr=0.02: finished before"), again.out());
    }

    private byte[] lastOf(String name) throws IOException {
        return Files.readAllBytes(RunDirectory.last(folder.resolve("sweep").resolve(name)));
    }

    @Test
    void aCombinationThatDivergesDoesNotStopTheOthers() throws IOException {
        TinyRun.Result run = sweep("lr=100,0.01", "--loss", "raw", "--epochs", "50");
        assertEquals(1, run.code(), run.err());
        assertTrue(run.err().contains("the loss diverged at step"), run.err());
        List<CSVRecord> rows = summary();
        assertEquals("0.01", rows.get(0).get("lr"));
        assertEquals("finished", rows.get(0).get("state"));
        assertEquals("100", rows.get(1).get("lr"));
        assertEquals("diverged", rows.get(1).get("state"));
    }

    @Test
    void aFolderOfOtherSettingsIsNotMixedWithThese() throws IOException {
        assertEquals(0, sweep("lr=0.02").code());
        TinyRun.Result run = sweep("lr=0.02,0.001", "--momentum", "0.5");
        assertEquals(1, run.code());
        assertEquals(
                "centerloss: %s: expected a run with --momentum 0.5, found one with --momentum 0.9; choose another --out"
                        .formatted(folder.resolve("sweep").resolve("lr=0.02")),
                run.complaint());
        assertEquals(1, run.err().lines().count());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "lr | --sweep: expected options such as lr=0.01,0.003, found 'lr'",
                "lr= | --sweep: expected options such as lr=0.01,0.003, found 'lr='",
                "lr=0.1,,0.2 | --sweep: lr: expected different values, found 0.1,,0.2",
                "lr=0.1,0.1 | --sweep: lr: expected different values, found 0.1,0.1",
                "lr=0.1 lr=0.2 | --sweep: lr: expected once, found twice",
                "rl=0.1 | --sweep: expected options that change what is learned, found rl (did you mean lr?)",
                "threads=1,2 | --sweep: expected options that change what is learned, found threads",
                "out=a,b | --sweep: expected options that change what is learned, found out",
                "batch-size=4,8 | --sweep: batch-size: expected here or as --batch-size, found both",
                "lr=0.1,fast | --sweep: lr=fast: Invalid value for option '--lr': 'fast' is not a double",
                "lr=0.1,-1 seed=1,2 | --sweep: lr=-1 seed=1: --lr: expected a number above 0, found -1.0",
                "loss=cent,standalon | --sweep: loss=standalon: --loss: expected one of",
            })
    void aWrongGridIsRefusedBeforeAnythingIsTrained(String grid, String expected)
            throws IOException {
        TinyRun.Result run = sweep(grid);
        assertEquals(2, run.code(), run.err());
        assertTrue(run.complaint().contains(expected), run.err());
        assertFalse(Files.exists(folder.resolve("sweep")));
    }

    @Test
    void aCombinationThatDoesNotSuitTheDataIsRefusedBeforeAnythingIsTrained() throws IOException {
        TinyRun.Result run = sweep("test-fraction=0.2,0.9");
        assertEquals(1, run.code(), run.err());
        assertEquals(1, run.err().lines().count(), run.err());
        assertFalse(Files.exists(folder.resolve("sweep")));
    }
}
