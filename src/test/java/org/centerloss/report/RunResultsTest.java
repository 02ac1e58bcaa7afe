package org.centerloss.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.centerloss.InputException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunResultsTest {
    @TempDir private Path run;

    @BeforeEach
    void writeAnEmptyRun() throws IOException {
        Files.writeString(run.resolve("config.json"), "{\"config\": null, \"environment\": {}}");
        Files.writeString(run.resolve("metrics.csv"), "epoch,test_accuracy\n");
        Files.writeString(run.resolve("steps.csv"), "step,loss\n");
    }

    @Test
    void columnsAreReadByName() throws IOException {
        Files.writeString(
                run.resolve("metrics.csv"), "epoch,test_accuracy\n1,0.5\n2,0.75\n3,0.75\n");
        Files.writeString(run.resolve("steps.csv"), "step,loss\n1,NaN\n5,-2.5e-3\n");
        RunResults results = RunResults.read(run);
        assertEquals(3, results.epochCount());
        assertEquals(1, results.best(), "the first of two equals");
        assertArrayEquals(new double[] {Double.NaN, -2.5e-3}, results.steps().get("loss"));
    }

    @Test
    void aRunWithoutAFinishedEpochIsRefused() {
        InputException refusal = assertThrows(InputException.class, () -> RunResults.read(run));
        assertEquals(
                run + ": expected at least one finished epoch, found none in metrics.csv",
                refusal.getMessage());
    }

    @Test
    void aDamagedLineIsNamed() throws IOException {
        Files.writeString(run.resolve("metrics.csv"), "epoch,test_accuracy\n1,0.5\n2\n");
        InputException refusal = assertThrows(InputException.class, () -> RunResults.read(run));
        assertEquals(
                run.resolve("metrics.csv")
                        + ": line 3, column test_accuracy: expected a number, found ''",
                refusal.getMessage());
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
