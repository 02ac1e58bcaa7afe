package org.centerloss.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.centerloss.data.Dataset;
import org.centerloss.data.ImageSet;
import org.centerloss.data.Part;
import org.centerloss.device.Device;
import org.centerloss.devices.Devices;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that keep images back to choose by. */
class ValidationTest {
    @TempDir private Path folder;

    private static Dataset dataset(ImageSet validation, ImageSet test) {
        Dataset tiny = TinyData.dataset();
        return new Dataset(
                tiny.name(),
                tiny.source(),
                tiny.classes(),
                tiny.augmentation(),
                tiny.train(),
                validation,
                test,
                List.of());
    }

    /** The test images of the tiny data, each with the next class. */
    private static ImageSet mislabelled() {
        ImageSet test = TinyData.dataset().test();
        int[] labels = Arrays.stream(test.labels()).map(label -> (label + 1) % 3).toArray();
        return new ImageSet(1, 12, 12, test.pixels(), labels);
    }

    private List<EpochResult> train(Path out, Dataset dataset) {
        List<EpochResult> epochs = new ArrayList<>();
        TrainingConfig config = TinyData.config("standalone", 3, 0.01);
        TrainingListener listener =
                new TrainingListener() {
                    @Override
                    public void epochFinished(EpochResult result) {
                        epochs.add(result);
                    }
                };
        try (Device device = Devices.open("cpu", 1);
                RunDirectory run = RunDirectory.create(out)) {
            run.writeConfig(config, Map.of(), Map.of());
            try (Trainer trainer =
                    new Trainer(device, config, dataset, run, listener, Profile.off())) {
                assertEquals(Trainer.Outcome.FINISHED, trainer.run(() -> false));
            }
        }
        return epochs;
    }

    private static List<String> withoutRates(Path run) throws IOException {
        return Files.readAllLines(run.resolve("metrics.csv")).stream()
                .map(line -> line.substring(0, line.lastIndexOf(',')))
                .toList();
    }

    @Test
    void theTestImagesChooseNothingAndAreMeasuredOnceAtTheEnd() throws IOException {
        ImageSet validation = TinyData.dataset().test();
        Path right = folder.resolve("right");
        Path wrong = folder.resolve("wrong");
        List<EpochResult> epochs = train(right, dataset(validation, validation));
        train(wrong, dataset(validation, mislabelled()));
        assertArrayEquals(TinyTraining.last(right), TinyTraining.last(wrong));
        assertArrayEquals(
                Files.readAllBytes(RunDirectory.best(right)),
                Files.readAllBytes(RunDirectory.best(wrong)));
        assertEquals(withoutRates(right), withoutRates(wrong));
        assertEquals(
                Files.readString(right.resolve("classes.csv")),
                Files.readString(wrong.resolve("classes.csv")));
        FinalResult tested = FinalResult.kept(right).orElseThrow();
        assertNotEquals(tested.test(), FinalResult.kept(wrong).orElseThrow().test());
        double best = epochs.get(tested.epoch() - 1).evaluation().accuracy();
        assertEquals(best, tested.test().trainedCenters(), "the same images here");
    }

    @Test
    void theValidationImagesChooseAsTheTestImagesDoWithoutThem() throws IOException {
        Path with = folder.resolve("with");
        Path without = folder.resolve("without");
        List<EpochResult> epochs = train(with, dataset(mislabelled(), TinyData.dataset().test()));
        List<EpochResult> others = train(without, dataset(null, mislabelled()));
        for (int i = 0; i < epochs.size(); i++) {
            assertEquals(Part.VALIDATION, epochs.get(i).part());
            assertEquals(Part.TEST, others.get(i).part());
            assertEquals(
                    others.get(i).evaluation().accuracy(), epochs.get(i).evaluation().accuracy());
            assertEquals(others.get(i).best(), epochs.get(i).best());
        }
        assertArrayEquals(TinyTraining.last(without), TinyTraining.last(with));
        String header = Files.readAllLines(with.resolve("metrics.csv")).get(0);
        assertTrue(
                header.contains(",validation_accuracy,validation_accuracy_by_sample_means,"),
                header);
        assertTrue(!header.contains("test"), header);
    }
}
