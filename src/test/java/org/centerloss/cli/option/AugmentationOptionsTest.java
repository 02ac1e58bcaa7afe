package org.centerloss.cli.option;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.centerloss.cli.TinyRun;
import org.centerloss.data.Dataset;
import org.centerloss.data.ImageSet;
import org.centerloss.device.op.Augmentation;
import org.centerloss.device.op.Augmentation.ColorJitter;
import org.centerloss.device.op.Augmentation.ResizedCrop;
import org.centerloss.train.RunDirectory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

class AugmentationOptionsTest {
    private static final Augmentation CIFAR = new Augmentation(true, 0, 4);

    @TempDir private Path folder;

    @Command
    private static final class Owner {
        @Mixin private AugmentationOptions options;
    }

    private static Dataset dataset(Augmentation reference, int channels) {
        ImageSet images = new ImageSet(channels, 1, 1, new byte[channels], new int[1]);
        return new Dataset("x", "a test", List.of("one"), reference, images, images);
    }

    /** Of a data set that was asked for by this name. */
    private static Augmentation chosen(String name, int channels, String... arguments) {
        Owner command = new Owner();
        new CommandLine(command).parseArgs(arguments);
        boolean known = name.equals("cifar-10");
        Dataset dataset = dataset(known ? CIFAR : Augmentation.NONE, channels);
        return command.options.over(command.options.base(name, dataset));
    }

    @Test
    void aFolderIsAugmentedLightlyAndAKnownDataSetAsTheReferenceDoes() {
        assertEquals(Augmentation.light(3), chosen("./photos", 3));
        assertEquals(Augmentation.light(3), chosen("./photos", 3, "--augment", "auto"));
        assertEquals(CIFAR, chosen("cifar-10", 3));
        assertTrue(chosen("./photos", 3).flip());
        assertEquals(Augmentation.light(1), chosen("./digits", 1));
        assertTrue(!chosen("./digits", 1).flip(), "gray images may be writing");
    }

    @Test
    void eachKindCanBeGivenForEachDataSet() {
        for (String none : new String[] {"--augment=none", "--no-augment"}) {
            assertEquals(Augmentation.NONE, chosen("./photos", 3, none));
            assertEquals(Augmentation.NONE, chosen("cifar-10", 3, none));
        }
        assertEquals(Augmentation.NONE, chosen("./photos", 3, "--augment", "reference"));
        assertEquals(CIFAR, chosen("cifar-10", 3, "--augment", "reference"));
        assertEquals(Augmentation.light(3), chosen("cifar-10", 3, "--augment", "light"));
    }

    @Test
    void singleOptionsReplaceOnePartEach() {
        ResizedCrop crop = new ResizedCrop(0.5, 4.0 / 3);
        ColorJitter jitter = new ColorJitter(0.2, 0.2);
        assertEquals(
                new Augmentation(false, 0, 0, crop, jitter), chosen("./photos", 3, "--no-flip"));
        assertEquals(
                new Augmentation(true, 10, 2, crop, jitter),
                chosen("./photos", 3, "--rotate", "10", "--crop-padding", "2"));
        assertEquals(
                new Augmentation(true, 0, 0, new ResizedCrop(0.25, 2), jitter),
                chosen("./photos", 3, "--crop-scale", "0.25", "--crop-ratio", "2"));
        assertEquals(
                new Augmentation(true, 0, 0, crop, new ColorJitter(0, 0.5)),
                chosen("./photos", 3, "--brightness", "0", "--contrast", "0.5"));
        assertEquals(
                new Augmentation(true, 0, 0), chosen("./photos", 3, "--augment=none", "--flip"));
        assertEquals(
                new Augmentation(true, 0, 4, new ResizedCrop(0.8, 1), ColorJitter.NONE),
                chosen("cifar-10", 3, "--crop-scale", "0.8"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--augment=lite | --augment: expected one of auto, none, light, reference, found lite",
                "--rotate=200 | --rotate, --crop-padding: degrees of rotation: expected 0 to 180, found 200.0",
                "--crop-padding=-1 | --rotate, --crop-padding: padding: expected 0 to 4096, found -1",
                "--crop-padding=2147483647 | --rotate, --crop-padding: padding: expected 0 to 4096, found 2147483647",
                "--crop-scale=0 | --crop-scale, --crop-ratio: crop scale: expected above 0 and at most 1, found 0.0",
                "--crop-ratio=0.5 | --crop-scale, --crop-ratio: crop ratio: expected at least 1, found 0.5",
                "--brightness=2 | --brightness, --contrast: brightness: expected 0 to 1, found 2.0",
                "--contrast=-1 | --brightness, --contrast: contrast: expected 0 to 1, found -1.0",
            })
    void whatIsOutOfRangeIsRefusedInOneLine(String argument, String expected) {
        Owner command = new Owner();
        new CommandLine(command).parseArgs(argument);
        ParameterException refusal =
                assertThrows(
                        ParameterException.class, () -> command.options.over(Augmentation.NONE));
        assertTrue(refusal.getMessage().startsWith(expected), refusal.getMessage());
    }

    @Test
    void theFirstLinesOfTrainingSayWhatIsDoneAndTheRunKeepsIt() throws IOException {
        Path run = folder.resolve("run");
        TinyRun.Result result =
                TinyRun.run(
                        "train",
                        "--dataset",
                        new TinyRun(folder).makeImages().toString(),
                        "--channels",
                        "3",
                        "--image-size",
                        "12",
                        "--batch-size",
                        "4",
                        "--max-steps",
                        "2",
                        "--device",
                        "cpu",
                        "--no-report",
                        "--out",
                        run.toString());
        assertEquals(0, result.code(), result.err());
        List<String> first =
                result.out().lines().takeWhile(line -> !line.startsWith("epoch")).toList();
        String said = "augmentation: flip, crop from 50 %, brightness ±20 %, contrast ±20 %";
        assertTrue(first.contains(said), result.out());
        RunDirectory.Configuration kept = RunDirectory.readConfig(run);
        assertEquals(Augmentation.light(3), kept.config().data().augmentation());
        assertEquals("auto", kept.options().get("augment"));
    }
}
