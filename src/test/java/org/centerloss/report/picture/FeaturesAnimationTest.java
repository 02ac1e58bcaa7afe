package org.centerloss.report.picture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageInputStream;
import org.centerloss.base.InputException;
import org.centerloss.report.page.RunResults;
import org.centerloss.report.theme.Picture;
import org.centerloss.report.theme.Theme;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;

class FeaturesAnimationTest {
    /** Pixels to the left of the data that hold the numbers of the upward axis. */
    private static final int AXIS = 90;

    @TempDir private Path folder;

    private record Gif(List<BufferedImage> frames, List<String> delays, byte[] application) {}

    private static Gif read(byte[] bytes) throws IOException {
        ImageReader reader = ImageIO.getImageReadersByFormatName("gif").next();
        try (ImageInputStream in =
                ImageIO.createImageInputStream(new ByteArrayInputStream(bytes))) {
            reader.setInput(in);
            List<BufferedImage> frames = new ArrayList<>();
            List<String> delays = new ArrayList<>();
            byte[] application = null;
            for (int i = 0; i < reader.getNumImages(true); i++) {
                frames.add(reader.read(i));
                IIOMetadataNode root =
                        (IIOMetadataNode)
                                reader.getImageMetadata(i).getAsTree("javax_imageio_gif_image_1.0");
                Element control =
                        (Element) root.getElementsByTagName("GraphicControlExtension").item(0);
                delays.add(control.getAttribute("delayTime"));
                if (i == 0) {
                    IIOMetadataNode extension =
                            (IIOMetadataNode)
                                    root.getElementsByTagName("ApplicationExtension").item(0);
                    assertEquals("NETSCAPE", extension.getAttribute("applicationID"));
                    application = (byte[]) extension.getUserObject();
                }
            }
            return new Gif(frames, delays, application);
        } finally {
            reader.dispose();
        }
    }

    private Gif animate(PictureRun run, Theme theme) throws IOException {
        RunResults results = run.write(folder.resolve(theme + " " + run));
        Picture picture =
                RunPictures.of(results).draw(theme).stream()
                        .filter(one -> one.format().equals("gif"))
                        .findFirst()
                        .orElseThrow();
        assertEquals("features.gif", picture.fileName());
        assertEquals("image/gif", picture.mediaType());
        Gif gif = read(picture.bytes());
        assertEquals(picture.width(), gif.frames().get(0).getWidth());
        return gif;
    }

    @Test
    void aFrameForEachEpochThatRepeatsForEverAndRestsOnTheLast() throws IOException {
        Gif gif = animate(new PictureRun(4, 2, 3, 60), Theme.LIGHT);
        assertEquals(List.of("80", "80", "250"), gif.delays());
        assertArrayEquals(new byte[] {1, 0, 0}, gif.application());
    }

    @Test
    void axesStandStillWhilePointsMove() throws IOException {
        for (Theme theme : Theme.values()) {
            Gif gif = animate(new PictureRun(4, 2, 3, 60), theme);
            int height = gif.frames().get(0).getHeight();
            int[] first = gif.frames().get(0).getRGB(0, 80, AXIS, height - 200, null, 0, AXIS);
            assertTrue(Arrays.stream(first).distinct().count() > 3, "numbers are there");
            for (BufferedImage frame : gif.frames()) {
                assertArrayEquals(
                        first, frame.getRGB(0, 80, AXIS, height - 200, null, 0, AXIS), "axis");
            }
            assertFalse(
                    Arrays.equals(
                            gif.frames().get(0).getRGB(AXIS, 80, 600, 400, null, 0, 600),
                            gif.frames().get(2).getRGB(AXIS, 80, 600, 400, null, 0, 600)),
                    "points");
            assertEquals(
                    theme.background().getRGB(), gif.frames().get(0).getRGB(2, 2), "background");
        }
    }

    @Test
    void longRunsAreThinnedEvenlyWithFirstAndLast() {
        assertArrayEquals(new int[] {0}, FeaturesAnimation.chosen(1));
        assertArrayEquals(IntStream.range(0, 60).toArray(), FeaturesAnimation.chosen(60));
        int[] chosen = FeaturesAnimation.chosen(601);
        assertEquals(60, chosen.length);
        assertEquals(0, chosen[0]);
        assertEquals(600, chosen[59]);
        for (int i = 1; i < 60; i++) {
            assertTrue(Math.abs(chosen[i] - chosen[i - 1] - 600.0 / 59) <= 1, "step " + i);
        }
    }

    @Test
    void anEpochOfAnotherRunIsRefusedByName() throws IOException {
        RunResults run = new PictureRun(3, 2, 2, 30).write(folder.resolve("run"));
        RunResults other = new PictureRun(3, 2, 1, 40).write(folder.resolve("other"));
        Path stray = run.path().resolve("embeddings/epoch-0001.safetensors");
        Files.copy(
                other.path().resolve("embeddings/epoch-0001.safetensors"),
                stray,
                StandardCopyOption.REPLACE_EXISTING);
        InputException refusal = assertThrows(InputException.class, () -> RunPictures.of(run));
        assertEquals(
                stray
                        + ": expected the classes, features and number of images of the run's best epoch, found others",
                refusal.getMessage());
    }
}
