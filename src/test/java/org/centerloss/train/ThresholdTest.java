package org.centerloss.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.centerloss.base.InputException;
import org.centerloss.data.Dataset;
import org.centerloss.device.Device;
import org.centerloss.devices.Devices;
import org.centerloss.evaluate.CenterKind;
import org.centerloss.evaluate.Embeddings;
import org.centerloss.evaluate.KnownRegion;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ThresholdTest {
    @TempDir private static Path folder;
    private static Checkpoint first;
    private static Checkpoint second;

    @BeforeAll
    static void trainTwoEpochs() {
        try (Device device = Devices.open("cpu", 1)) {
            Dataset dataset = TinyData.dataset();
            for (int epochs = 1; epochs <= 2; epochs++) {
                TrainingConfig config = TinyData.config("standalone", epochs, 0.01);
                Path path = folder.resolve("run" + epochs);
                try (RunDirectory run = RunDirectory.create(path);
                        Trainer trainer =
                                new Trainer(
                                        device,
                                        config,
                                        dataset,
                                        run,
                                        new TrainingListener() {},
                                        Profile.off())) {
                    trainer.run(() -> false);
                }
            }
        }
        first = Checkpoint.read(RunDirectory.last(folder.resolve("run1")));
        second = Checkpoint.read(RunDirectory.last(folder.resolve("run2")));
    }

    /** Two centers at 0 and 100; samples of class 0 at 1, 2, … 20, the last of them misjudged. */
    private static Embeddings twenty() {
        float[] features = new float[20];
        int[] predictions = new int[20];
        for (int i = 0; i < 20; i++) {
            features[i] = i + 1;
        }
        predictions[19] = 1;
        return new Embeddings(1, features, new int[20], predictions);
    }

    private static final double[][] CENTERS = {{0}, {100}, {Double.NaN}};

    private static Threshold calibrated(double share) {
        return Threshold.of(first, "numbers, test", twenty(), CenterKind.MEANS, CENTERS, share);
    }

    @Test
    void theWantedShareOfTheCorrectSamplesLiesWithin() {
        // 19 are correct, at 1 to 19.
        assertEquals(19, calibrated(1).distance());
        assertEquals(18, calibrated(0.93).distance(), "0.93 · 19 = 17.67");
        assertEquals(1, calibrated(1e-9).distance());
        assertEquals(19, calibrated(0.5).correct());
    }

    @Test
    void aShareThatMeansAWholeNumberIsNotRoundedUp() {
        float[] features = new float[100];
        for (int i = 0; i < 100; i++) {
            features[i] = i + 1;
        }
        Embeddings hundred = new Embeddings(1, features, new int[100], new int[100]);
        assertTrue(0.07 * 100 > 7, "in floating point");
        double[][] center = {{0}, {Double.NaN}, {Double.NaN}};
        assertEquals(7, Threshold.of(first, "numbers", hundred, null, center, 0.07).distance());
    }

    @Test
    void beyondItAndNotANumberAreUnknown() {
        KnownRegion region = calibrated(0.93).region(Threshold.Scope.GLOBAL);
        float[] features = {18, Math.nextUp(18f), Float.NaN, 82, 81.99f};
        Embeddings samples = new Embeddings(1, features, new int[5], new int[5]);
        boolean[] expected = {true, false, false, true, false};
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], region.contains(samples, i), "at " + features[i]);
        }
        assertEquals(2 / 20.0, region.unknownShare(twenty()));
        assertArrayEquals(
                new double[] {1, 1, Double.POSITIVE_INFINITY, 1, 1},
                region.outlyingness(samples),
                1e-3);
    }

    /**
     * Class 0 at distances 1 to 40 of its center, class 1 at 0.1 to 4, class 2 has five samples.
     */
    @Test
    void aClassWithEnoughSamplesHasItsOwnDistance() {
        float[] features = new float[85];
        int[] labels = new int[85];
        for (int i = 0; i < 40; i++) {
            features[i] = i + 1;
            features[40 + i] = 1000 + (i + 1) / 10f;
            labels[40 + i] = 1;
        }
        for (int i = 80; i < 85; i++) {
            features[i] = 2000;
            labels[i] = 2;
        }
        Embeddings all = new Embeddings(1, features, labels, labels);
        Threshold threshold =
                Threshold.of(first, "made", all, null, new double[][] {{0}, {1000}, {2000}}, 0.9);
        assertEquals(32, threshold.distance(), "the 77th of 85 distances");
        assertArrayEquals(new double[] {36, 3.6, 32}, threshold.classDistances(), 1e-4);
        KnownRegion region = threshold.region(Threshold.Scope.PER_CLASS);
        Embeddings probes =
                new Embeddings(1, new float[] {36, 37, 996, 997, 1968}, new int[5], new int[5]);
        boolean[] expected = {true, false, false, true, true};
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], region.contains(probes, i), "at " + probes.features()[i]);
        }
    }

    @Test
    void whatIsReadIsWhatWasWritten() {
        Threshold written = calibrated(0.93);
        Path file = Threshold.file(folder);
        written.write(file);
        Threshold read = Threshold.read(file);
        assertEquals(written.distance(), read.distance());
        assertEquals(written.images(), read.images());
        assertEquals(0.93, read.knownShare());
        assertEquals(List.of("top", "middle", "bottom"), read.classes());
        assertTrue(Arrays.deepEquals(CENTERS, read.centers()));
        assertTrue(read.isFor(CENTERS));
        assertFalse(read.isFor(new double[][] {{0}, {100}, {200}}));
        assertEquals("the class means", read.measuredTo());
    }

    @Test
    void itBelongsToTheCheckpointThatItWasCalibratedFor() {
        Embeddings one = new Embeddings(2, new float[2], new int[1], new int[1]);
        double[][] centers = {{0, 0}, {1, 0}, {0, 1}};
        Threshold threshold = Threshold.of(first, "numbers, test", one, null, centers, 0.9);
        assertTrue(threshold.isOf(first));
        assertFalse(threshold.isOf(second));
        assertFalse(calibrated(0.9).isOf(first), "of another number of features");
        assertEquals(first.progress().step(), threshold.step());
    }

    @Test
    void withoutACorrectSampleThereIsNone() {
        Embeddings wrong = new Embeddings(1, new float[] {3}, new int[] {0}, new int[] {1});
        InputException refusal =
                assertThrows(
                        InputException.class,
                        () -> Threshold.of(first, "numbers, test", wrong, null, CENTERS, 0.9));
        assertTrue(refusal.getMessage().contains("numbers, test"), refusal.getMessage());
    }

    @Test
    void damagedFilesAreRefusedInOneLine() throws IOException {
        Path file = folder.resolve("damaged.json");
        calibrated(0.9).write(file);
        String whole = Files.readString(file);
        assertRefused(folder.resolve("missing.json"), "missing.json");
        for (String[] damage :
                new String[][] {
                    {whole.substring(0, whole.length() / 2), "expected"},
                    {"{}", "checksum: expected a whole number of 64 bits, found none"},
                    {whole.replaceAll("\"distance\" : [0-9.]+", "\"distance\" : \"NaN\""), "NaN"},
                    {whole.replace("\"middle\", ", ""), "each of the 2 classes, found 3"},
                    {whole.replace("[ 100.0 ]", "[ 100.0, 1.0 ]"), "same number of features"},
                    {
                        whole.replace("[ 100.0 ]", "null"),
                        "centers[1]: expected a value, found null"
                    },
                    {
                        whole.replaceAll("(\"classDistances\" : \\[) [0-9.]+,", "$1 -1.0,"),
                        "classDistances: expected a number of 0 or more for each class"
                    },
                }) {
            assertFalse(damage[0].equals(whole), damage[1]);
            Files.writeString(file, damage[0]);
            assertRefused(file, damage[1]);
        }
    }

    private static void assertRefused(Path file, String fact) {
        String message =
                assertThrows(InputException.class, () -> Threshold.read(file)).getMessage();
        assertTrue(message.startsWith(file.toString()), message);
        assertTrue(message.contains(fact), message);
        assertEquals(1, message.lines().count(), message);
    }
}
