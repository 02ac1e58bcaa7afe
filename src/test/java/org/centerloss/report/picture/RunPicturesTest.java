package org.centerloss.report.picture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import org.centerloss.report.page.ExampleRun;
import org.centerloss.report.page.RunResults;
import org.centerloss.report.theme.Picture;
import org.centerloss.report.theme.SvgTest;
import org.centerloss.report.theme.Theme;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunPicturesTest {
    @TempDir private Path folder;

    private static Map<String, Picture> draw(RunResults run, Theme theme) {
        return RunPictures.of(run).draw(theme).stream()
                .filter(picture -> picture.format().equals("png"))
                .collect(Collectors.toMap(Picture::name, Function.identity()));
    }

    private static BufferedImage image(Picture picture) throws IOException {
        return ImageIO.read(new ByteArrayInputStream(picture.bytes()));
    }

    private static int pixels(BufferedImage image, Color color) {
        int count = 0;
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                count += image.getRGB(x, y) == color.getRGB() ? 1 : 0;
            }
        }
        return count;
    }

    @Test
    void everyPictureIsInItsLookAndHasTheSizeThatItSays() throws IOException {
        RunResults run = new PictureRun(10, 2, 3, 300).write(folder.resolve("run"));
        for (Theme theme : Theme.values()) {
            for (Picture picture : RunPictures.of(run).draw(theme)) {
                BufferedImage image = image(picture);
                assertEquals(picture.width(), image.getWidth(), picture.name());
                assertEquals(picture.height(), image.getHeight(), picture.name());
                assertTrue(picture.title().length() > 3, picture.name());
                assertTrue(picture.caption().endsWith("."), picture.caption());
                int background = pixels(image, theme.background());
                assertTrue(background > image.getWidth() * image.getHeight() / 10, picture.name());
                assertTrue(pixels(image, theme.ink()) > 100, picture.name());
            }
        }
    }

    @Test
    void everyPictureIsSharpOnDenseScreensAndLosesOnlyItsHeadingOnThePage() throws IOException {
        RunResults run = new PictureRun(10, 2, 1, 300).write(folder.resolve("run"));
        for (Picture picture : draw(run, Theme.LIGHT).values()) {
            assertEquals(2, picture.scale(), picture.name());
            BufferedImage image = image(picture);
            int strip = picture.headingHeight();
            assertTrue(pixels(image.getSubimage(0, 0, 400, strip), Theme.LIGHT.ink()) > 100);
            int[] edge = image.getRGB(0, strip - 1, image.getWidth(), 1, null, 0, image.getWidth());
            assertTrue(
                    Arrays.stream(edge).allMatch(p -> p == Theme.LIGHT.background().getRGB()),
                    picture.name() + ": no letter is cut");
        }
    }

    private static Map<String, List<String>> textsOfSvgs(RunResults run) {
        return draw(run, Theme.LIGHT).values().stream()
                .collect(Collectors.toMap(Picture::name, p -> SvgTest.texts(p.svg().get())));
    }

    @Test
    void axesHaveNamesLinesALegendAndNumbersAMinusSign() throws IOException {
        Map<String, List<String>> texts =
                textsOfSvgs(new PictureRun(4, 3, 3, 60).write(folder.resolve("run")));
        List<String> all = texts.values().stream().flatMap(List::stream).toList();
        assertTrue(all.stream().anyMatch(text -> text.matches("−\\d+")), all.toString());
        assertTrue(all.stream().noneMatch(text -> text.matches(".*-\\d.*")), all.toString());
        Map.of(
                        "curves",
                        List.of(
                                "epoch",
                                "loss",
                                "intra",
                                "inter",
                                "accuracy, %",
                                "accuracy gap, points",
                                "learning rate",
                                "test images",
                                "sample of the training images",
                                "each epoch",
                                "within the epochs",
                                "best epoch"),
                        "confusion",
                        List.of("true class", "predicted class", "class 0"),
                        "center-distances",
                        List.of("class", "class 0"),
                        "center-tree",
                        List.of("class", "mean distance between the centers of two groups"),
                        "distances",
                        List.of("Euclidean distance", "share of the test images"))
                .forEach((name, words) -> assertTrue(texts.get(name).containsAll(words), name));
        assertTrue(
                texts.get("features").stream()
                        .anyMatch(t -> t.startsWith("principal component 2 (")));
    }

    @Test
    void colorsOfCellsWithoutNumbersHaveALegend() throws IOException {
        Map<String, List<String>> texts =
                textsOfSvgs(new PictureRun(60, 3, 1, 180).write(folder.resolve("run")));
        assertTrue(
                texts.get("confusion").containsAll(List.of("0", "20", "40", "60", "80", "100")),
                texts.get("confusion").toString());
    }

    @Test
    void eachClassOfTheScatterIsSeenInItsColour() throws IOException {
        RunResults run = new PictureRun(10, 2, 1, 300).write(folder.resolve("run"));
        for (Theme theme : Theme.values()) {
            BufferedImage image = image(draw(run, theme).get("features"));
            for (int c = 0; c < 9; c++) {
                assertTrue(pixels(image, theme.classColor(c)) > 200, theme + " class " + c);
            }
        }
    }

    @Test
    void aRunWithTwoFeaturesLeavesEveryPicture() throws IOException {
        RunPictures pictures =
                RunPictures.of(new PictureRun(4, 2, 2, 40).write(folder.resolve("run")));
        assertEquals(
                List.of(
                        "features.png",
                        "features.gif",
                        "curves.png",
                        "confusion.png",
                        "center-distances.png",
                        "center-tree.png",
                        "distances.png",
                        "hardest.png"),
                pictures.draw(Theme.LIGHT).stream().map(Picture::fileName).toList());
        assertEquals(List.of(), pictures.leftOut());
    }

    @Test
    void aClassWithoutImagesHasNoCenterAndAnEmptyRow() throws IOException {
        RunResults run = new PictureRun(4, 2, 1, 40).write(folder.resolve("run"));
        Snapshot snapshot = Snapshots.best(run.path()).orElseThrow();
        assertArrayEquals(new int[] {0, 1, 2}, CenterPictures.finiteCenters(snapshot));
        double[][] percentages = ConfusionPicture.percentages(snapshot);
        assertArrayEquals(new double[] {0, 100, 0, 0}, percentages[1]);
        assertTrue(Double.isNaN(percentages[3][0]));
        assertTrue(
                draw(run, Theme.LIGHT)
                        .get("center-tree")
                        .caption()
                        .endsWith("One class without samples has no center."));
    }

    @Test
    void moreClassesThanCanBeReadAreLeftOutWithAReason() throws IOException {
        RunPictures pictures =
                RunPictures.of(new PictureRun(300, 3, 1, 600).write(folder.resolve("run")));
        assertEquals(
                List.of(
                        "the animation of the features: epochs are kept with 2 features only",
                        "confusion matrix and distances between centers: 300 classes, legible are 200"),
                pictures.leftOut());
        assertEquals(
                List.of("features", "curves", "distances", "hardest"),
                pictures.draw(Theme.DARK).stream().map(Picture::name).toList());
    }

    /** A process may die after it wrote the metrics of an epoch and before its embeddings. */
    @Test
    void theEmbeddingsMustBeOfTheBestEpoch() throws IOException {
        RunResults run = new PictureRun(4, 2, 2, 40).write(folder.resolve("run"));
        Path embeddings = run.path().resolve("embeddings");
        Files.copy(
                embeddings.resolve("epoch-0001.safetensors"),
                embeddings.resolve("best.safetensors"),
                StandardCopyOption.REPLACE_EXISTING);
        RunPictures pictures = RunPictures.of(run);
        assertEquals(
                List.of(
                        "all but the curves: expected embeddings of the best epoch, 2, found those"
                                + " of epoch 1"),
                pictures.leftOut());
        assertEquals(
                List.of("curves"), pictures.draw(Theme.LIGHT).stream().map(Picture::name).toList());
    }

    @Test
    void theHardestImagesMustBeOfTheBestEpoch() throws IOException {
        RunResults run = new PictureRun(4, 2, 2, 40).write(folder.resolve("run"));
        Path file = run.path().resolve("embeddings/hardest.safetensors");
        HardestSamples one = HardestSamples.read(file);
        new HardestSamples(9, one.indices(), one.images()).write(file);
        assertEquals(
                List.of("the hardest samples: the run keeps no images of its best epoch"),
                RunPictures.of(run).leftOut());
    }

    @Test
    void filesAreWrittenUnderTheirNames() throws IOException {
        RunResults run = new PictureRun(3, 2, 2, 30).write(folder.resolve("run"));
        List<Picture> pictures = RunPictures.of(run).draw(Theme.LIGHT);
        List<Path> files = RunPictures.write(run.path(), pictures);
        assertEquals(pictures.size(), files.size());
        for (int i = 0; i < files.size(); i++) {
            assertEquals(
                    run.path().resolve("pictures").resolve(pictures.get(i).fileName()),
                    files.get(i));
            assertArrayEquals(pictures.get(i).bytes(), Files.readAllBytes(files.get(i)));
            if (!pictures.get(i).format().equals("gif")) {
                Path svg = files.get(i).resolveSibling(pictures.get(i).name() + ".svg");
                assertArrayEquals(pictures.get(i).svg().get(), Files.readAllBytes(svg));
            }
        }
    }

    @Test
    void withoutEmbeddingsTheCurvesRemainAndTheRestIsExplained() throws IOException {
        Path path = ExampleRun.write(folder, ExampleRun.config("standalone", "mnist", 2, 3));
        RunPictures pictures = RunPictures.of(RunResults.read(path));
        assertEquals(
                List.of("curves"), pictures.draw(Theme.DARK).stream().map(Picture::name).toList());
        assertEquals(
                List.of("all but the curves: expected embeddings of the best epoch, 2, found none"),
                pictures.leftOut());
    }

    @Test
    void oneFeatureOneEpochOrOneClassBreakNothing() throws IOException {
        for (PictureRun odd :
                List.of(
                        new PictureRun(3, 1, 1, 9),
                        new PictureRun(1, 2, 1, 5),
                        new PictureRun(2, 3, 2, 2),
                        new PictureRun(130, 5, 2, 400))) {
            RunPictures pictures = RunPictures.of(odd.write(folder.resolve(odd.toString())));
            List<Picture> drawn = pictures.draw(Theme.LIGHT);
            assertFalse(drawn.isEmpty(), odd.toString());
            boolean scatter = drawn.stream().anyMatch(p -> p.name().equals("features"));
            assertEquals(odd.dimension() > 1, scatter, odd.toString());
        }
    }
}
