package org.centerloss.report.page;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.centerloss.base.InputException;
import org.centerloss.train.RunDirectory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunResultsTest {
    @TempDir private Path run;

    private static final String HEADER =
            "epoch,step,learning_rate,loss,xent,intra,train_accuracy,test_accuracy,accuracy_gap,"
                    + "images_per_second\n";
    private static final String ONE = "1,9,0.1,2,2,0,0.5,0.5,0,100\n";

    private Path metrics;
    private Path steps;

    @BeforeEach
    void writeAnEmptyRun() throws IOException {
        try (RunDirectory directory = RunDirectory.create(run)) {
            directory.writeConfig(ExampleRun.config("cent", "mnist", 2, 3), Map.of(), Map.of());
        }
        metrics = Files.writeString(run.resolve("metrics.csv"), HEADER);
        steps = Files.writeString(run.resolve("steps.csv"), "step,loss\n");
    }

    @Test
    void columnsAreReadByName() throws IOException {
        Files.writeString(
                metrics,
                HEADER
                        + ONE
                        + "2,18,0.1,2,2,0,0.5,0.75,-0.25,100\n3,27,0.1,2,2,0,0.5,0.75,-0.25,100\n");
        Files.writeString(steps, "step,loss\n1,NaN\n5,-2.5e-3\n");
        RunResults results = RunResults.read(run);
        assertEquals(3, results.epochCount());
        assertEquals(1, results.best(), "the first of two equals");
        assertArrayEquals(new double[] {Double.NaN, -2.5e-3}, results.steps().get("loss"));
    }

    @Test
    void epochsWithoutARateCountAsFastAsTheOthers() throws IOException {
        String start = HEADER + "1,10,0.1,2,2,0,0.5,0.5,0,";
        String others = "2,20,0.1,2,2,0,0.5,0.5,0,%s\n3,30,0.1,2,2,0,0.5,0.5,0,%s\n";
        int batch = RunDirectory.readConfig(run).config().optimization().batchSize();
        Files.writeString(metrics, start + "5\n" + others.formatted("NaN", "5"));
        assertEquals(30 * batch / 5.0, RunResults.read(run).trainingSeconds(), 1e-9);
        Files.writeString(metrics, start + "4\n" + others.formatted("0", "0.0"));
        assertEquals(30 * batch / 4.0, RunResults.read(run).trainingSeconds(), 1e-9);
        Files.writeString(metrics, start + "0\n" + others.formatted("NaN", "NaN"));
        assertEquals(Double.NaN, RunResults.read(run).trainingSeconds());
    }

    @Test
    void aRunWithoutAFinishedEpochIsRefused() {
        InputException refusal = assertThrows(InputException.class, () -> RunResults.read(run));
        assertEquals(
                run + ": expected at least one finished epoch, found none in metrics.csv",
                refusal.getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2 | line 3, column step: expected a value, found none",
                "2,x,0.1,2,2,0,0.5,0.5,0,100 | line 3, column step: expected a number, found 'x'",
                "2,,0.1,2,2,0,0.5,0.5,0,100 | line 3, column step: expected a number, found ''",
                "2,9,0.1,2,2,0,0.5,0.5,0,100 | line 3, column step: expected more than 9, found 9",
                "2,9.5,0.1,2,2,0,0.5,0.5,0,1 | column step: expected a whole number from 1 up",
                "0,18,0.1,2,2,0,0.5,0.5,0,1 | column epoch: expected a whole number from 1 up",
                "1,18,0.1,2,2,0,0.5,0.5,0,1 | column epoch: expected more than 1, found 1",
                "2,18,0,2,2,0,0.5,0.5,0,100 | column learning_rate: expected above 0, found 0",
                "2,18,0.1,-Infinity,2,0,0.5,0.5,0,1 | column loss: expected a number that is not",
                "2,18,0.1,2,2,Infinity,0.5,0.5,0,1 | column intra: expected a number that is not",
                "2,18,0.1,2,2,0,0.5,1.5,0,100 | column test_accuracy: expected 0 to 1, found 1.5",
                "2,18,0.1,2,2,0,0.5,0.5,-2,100 | column accuracy_gap: expected -1 to 1",
                "2,18,0.1,2,2,0,0.5,0.5,0,-1 | column images_per_second: expected 0 or more, or NaN",
                "2,18,0.1,2,2,0,0.5,0.5,0,Infinity | column images_per_second: expected 0 or more",
                "2,\"18\"x,0.1 | expected values between commas, each in quotes as a whole or not"
            })
    void aDamagedLineIsNamed(String line, String refusal) throws IOException {
        Files.writeString(metrics, HEADER + ONE + line + "\n");
        String message =
                assertThrows(InputException.class, () -> RunResults.read(run)).getMessage();
        assertTrue(message.startsWith(metrics + ": ") && message.contains(refusal), message);
    }

    @Test
    void missingAndRepeatedColumnsAreNamed() throws IOException {
        for (String column : List.of("xent", "train_accuracy", "test_accuracy", "accuracy_gap")) {
            Files.writeString(metrics, HEADER.replace(column, "other") + ONE);
            String missing =
                    assertThrows(InputException.class, () -> RunResults.read(run).best())
                            .getMessage();
            String expected = ": expected a column '%s', found [e".formatted(column);
            assertTrue(missing.startsWith(metrics + expected), missing);
        }
        Files.writeString(metrics, HEADER.replace("xent", "loss") + ONE);
        String twice = assertThrows(InputException.class, () -> RunResults.read(run)).getMessage();
        assertTrue(twice.startsWith(metrics + ": expected each column once"), twice);
    }

    @Test
    void aLineThatIsBeingWrittenIsPassedOver() throws IOException {
        Files.writeString(metrics, HEADER + ONE + "2,18,0.1,2,2,0,0.5,0.7");
        assertEquals(1, RunResults.read(run).epochCount());
    }

    @Test
    void bytesThatAreNoTextAreRefused() throws IOException {
        Files.write(run.resolve("metrics.csv"), new byte[] {(byte) 0xC3, 0x28});
        InputException refusal = assertThrows(InputException.class, () -> RunResults.read(run));
        assertEquals(
                run.resolve("metrics.csv") + ": expected lines of text, found other bytes",
                refusal.getMessage());
    }

    @Test
    void aFolderThatIsNoRunIsRefused() {
        Path other = run.resolve("other");
        InputException refusal = assertThrows(InputException.class, () -> RunResults.read(other));
        assertEquals(
                other + ": expected a run directory, found no config.json in it",
                refusal.getMessage());
    }
}
