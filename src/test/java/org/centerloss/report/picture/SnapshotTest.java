package org.centerloss.report.picture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.centerloss.base.InputException;
import org.centerloss.data.Dataset;
import org.centerloss.data.ImageSet;
import org.centerloss.data.Part;
import org.centerloss.device.op.Augmentation;
import org.centerloss.evaluate.CenterKind;
import org.centerloss.evaluate.Embeddings;
import org.centerloss.evaluate.Evaluation;
import org.centerloss.train.ClassCenters;
import org.centerloss.train.EpochResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotTest {
    private static final List<String> CLASSES = List.of("T-shirt/top", "say \"hi\", twice");

    private static final Dataset DATASET =
            new Dataset(
                    "three",
                    "a test",
                    CLASSES,
                    Augmentation.NONE,
                    new ImageSet(1, 1, 1, new byte[3], new int[] {0, 1, 1}),
                    new ImageSet(1, 1, 1, new byte[] {10, 20, 30}, new int[] {1, 0, 1}));

    @TempDir private Path run;

    private static EpochResult epoch(int epoch, int dimension, boolean best) {
        float[] features = new float[3 * dimension];
        for (int i = 0; i < features.length; i++) {
            features[i] = epoch + 0.1f * i;
        }
        Embeddings train =
                new Embeddings(dimension, features, new int[] {0, 1, 1}, new int[] {0, 1, 0});
        Embeddings test =
                new Embeddings(dimension, features, new int[] {1, 0, 1}, new int[] {1, 1, 0});
        double[][] trained = {new double[dimension], new double[dimension]};
        ClassCenters centers = new ClassCenters(false, trained, train.classMeans(2));
        return new EpochResult(
                epoch,
                10L * epoch,
                0.01,
                1,
                new double[] {1},
                train,
                Part.TEST,
                test,
                Evaluation.of(test, trained),
                centers,
                CenterKind.MEANS,
                centers.accuracies(test),
                1,
                best);
    }

    @Test
    void whatIsReadIsWhatWasWritten() {
        Snapshot written = Snapshot.of(epoch(7, 3, true), CLASSES);
        Path file = run.resolve("one.safetensors");
        written.write(file);
        Snapshot read = Snapshot.read(file);
        assertEquals(7, read.epoch());
        assertEquals(CLASSES, read.classes());
        assertEquals(3, read.dimension());
        assertArrayEquals(written.centers(), read.centers());
        assertArrayEquals(new float[6], read.centers());
        assertArrayEquals(written.otherCenters(), read.otherCenters());
        assertEquals(7.0f, read.otherCenters()[0], "the mean of the only image of class 0");
        assertArrayEquals(written.train().features(), read.train().features());
        assertArrayEquals(written.train().labels(), read.train().labels());
        assertArrayEquals(written.test().predictions(), read.test().predictions());
    }

    @Test
    void everyEpochIsKeptWithTwoFeaturesAndTheBestAlways() {
        Snapshots snapshots = new Snapshots(run, DATASET);
        snapshots.epochFinished(epoch(1, 2, true));
        snapshots.epochFinished(epoch(2, 2, true));
        snapshots.epochFinished(epoch(3, 2, false));
        assertEquals(2, Snapshots.best(run).orElseThrow().epoch());
        assertEquals(
                List.of(1, 2, 3),
                Snapshots.ofEpochs(run, 4).stream().map(f -> Snapshot.read(f).epoch()).toList());
        assertEquals(2, Snapshots.ofEpochs(run, 2).size(), "an epoch that is to be redone");
    }

    @Test
    void withMoreFeaturesOnlyTheBestEpochIsKept() {
        Snapshots snapshots = new Snapshots(run, DATASET);
        assertTrue(Snapshots.best(run).isEmpty());
        snapshots.epochFinished(epoch(1, 3, true));
        assertTrue(Snapshots.ofEpochs(run, 1).isEmpty());
        assertFalse(Snapshots.best(run).isEmpty());
    }

    @Test
    void aDamagedFileIsRefusedByName() throws IOException {
        Path file = run.resolve("damaged.safetensors");
        Snapshot.of(epoch(1, 2, true), CLASSES).write(file);
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length - 1));
        InputException refusal = assertThrows(InputException.class, () -> Snapshot.read(file));
        assertTrue(refusal.getMessage().contains("damaged.safetensors"), refusal.getMessage());
    }

    @Test
    void aLabelThatIsNoClassIsRefused() {
        Embeddings odd = new Embeddings(1, new float[] {1, 2}, new int[] {0, 2}, new int[] {0, 0});
        Path file = run.resolve("odd.safetensors");
        new Snapshot(1, CLASSES, odd, odd, new float[] {1, 2}, null).write(file);
        InputException refusal = assertThrows(InputException.class, () -> Snapshot.read(file));
        assertEquals(
                file + ": tensor 'train.labels': element 1: expected a class from 0 to 1, found 2",
                refusal.getMessage());
    }
}
