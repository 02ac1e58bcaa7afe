package org.centerloss.data.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PictureTest {
    private static Picture gray(int height, int width, int... values) {
        return new Picture(1, height, width, bytes(values));
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    @Test
    void sameSizeIsTheSamePicture() {
        Picture picture = gray(1, 2, 0, 100);
        assertSame(picture, picture.resized(1, 2));
    }

    @Test
    void growingInterpolatesBetweenPixelCenters() {
        assertArrayEquals(bytes(0, 50, 150, 200), gray(1, 2, 0, 200).resized(1, 4).planes());
        assertArrayEquals(bytes(0, 50, 150, 200), gray(2, 1, 0, 200).resized(4, 1).planes());
    }

    @Test
    void shrinkingWeighsEveryPixelByATriangle() {
        // Triangle of reach 2 about position 1: weights 0.75, 0.75, 0.25 of 1.75.
        int first = Math.round((0.75f * 0 + 0.75f * 70 + 0.25f * 140) / 1.75f);
        int second = Math.round((0.25f * 70 + 0.75f * 140 + 0.75f * 210) / 1.75f);
        assertArrayEquals(bytes(first, second), gray(1, 4, 0, 70, 140, 210).resized(1, 2).planes());
    }

    @Test
    void fineCheckerboardShrinksToItsMean() {
        byte[] board = new byte[64 * 64];
        for (int i = 0; i < board.length; i++) {
            board[i] = (byte) ((i / 64 + i % 64) % 2 == 0 ? 255 : 0);
        }
        for (byte value : new Picture(1, 64, 64, board).resized(8, 8).planes()) {
            assertEquals(127.5, value & 0xff, 2);
        }
    }

    @Test
    void constantPictureStaysConstantAtAnySizeInEveryChannel() {
        byte[] planes = new byte[3 * 7 * 5];
        for (int channel = 0; channel < 3; channel++) {
            Arrays.fill(planes, channel * 35, (channel + 1) * 35, (byte) (100 * channel + 55));
        }
        Picture picture = new Picture(3, 7, 5, planes);
        for (int[] size : new int[][] {{3, 11}, {1, 1}, {28, 28}, {7, 2}}) {
            Picture resized = picture.resized(size[0], size[1]);
            int pixels = size[0] * size[1];
            for (int i = 0; i < 3 * pixels; i++) {
                assertEquals(100 * (i / pixels) + 55, resized.planes()[i] & 0xff);
            }
        }
    }

    @Test
    void grayOfRgbIsLuma() {
        // Pure red, green, blue and white.
        byte[] planes = bytes(255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255);
        Picture gray = new Picture(3, 1, 4, planes).withChannels(1);
        assertEquals(1, gray.channels());
        assertArrayEquals(bytes(76, 150, 29, 255), gray.planes());
    }

    @Test
    void rgbOfGrayRepeatsIt() {
        assertArrayEquals(
                bytes(1, 200, 1, 200, 1, 200), gray(1, 2, 1, 200).withChannels(3).planes());
    }

    private static Picture resized(Picture picture, int height, int width, Resize how) {
        return picture.resized(height, width, how, Background.of("#0a1428"));
    }

    @Test
    void cropTakesTheMiddleInTheWantedProportions() {
        Picture wide = gray(2, 6, 1, 2, 3, 4, 5, 6, 11, 12, 13, 14, 15, 16);
        assertArrayEquals(bytes(3, 4, 13, 14), resized(wide, 2, 2, Resize.CROP).planes());
        Picture high = gray(5, 2, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
        assertArrayEquals(bytes(5, 6), resized(high, 1, 2, Resize.CROP).planes());
        assertArrayEquals(bytes(3, 4, 5, 6), resized(high, 2, 2, Resize.CROP).planes());
    }

    @Test
    void cropIsScaledAfterwards() {
        byte[] planes = new byte[3 * 40 * 90];
        for (int i = 0; i < planes.length; i++) {
            // Bars on both sides that must not be seen.
            planes[i] = (byte) (i % 90 < 25 || i % 90 >= 65 ? 255 : 50 * (i / 3600 + 1));
        }
        Picture cropped = resized(new Picture(3, 40, 90, planes), 8, 8, Resize.CROP);
        for (int i = 0; i < 192; i++) {
            assertEquals(50 * (i / 64 + 1), cropped.planes()[i] & 0xff);
        }
    }

    @Test
    void padKeepsProportionsOnTheBackground() {
        Picture wide = gray(1, 4, 50, 60, 70, 80);
        // Luma of the background: 0.299 · 10 + 0.587 · 20 + 0.114 · 40 = 19.3.
        assertArrayEquals(
                bytes(19, 19, 19, 19, 50, 60, 70, 80, 19, 19, 19, 19, 19, 19, 19, 19),
                resized(wide, 4, 4, Resize.PAD).planes());
        byte[] high = bytes(1, 2, 3, 4, 5, 6);
        assertArrayEquals(
                bytes(10, 1, 10, 10, 2, 10, 20, 3, 20, 20, 4, 20, 40, 5, 40, 40, 6, 40),
                resized(new Picture(3, 2, 1, high), 2, 3, Resize.PAD).planes());
    }

    @Test
    void imagesOfTheRightProportionsAreTheSameHoweverTheyAreResized() {
        byte[] planes = new byte[3 * 12 * 18];
        new Random(1).nextBytes(planes);
        Picture picture = new Picture(3, 12, 18, planes);
        for (int[] size : new int[][] {{12, 18}, {6, 9}, {24, 36}, {2, 3}}) {
            byte[] squashed = picture.resized(size[0], size[1]).planes();
            for (Resize how : Resize.values()) {
                assertArrayEquals(squashed, resized(picture, size[0], size[1], how).planes());
            }
        }
    }

    @Test
    void extremeProportionsLeaveOnePixelAtLeast() {
        byte[] line = new byte[1000];
        Arrays.fill(line, (byte) 7);
        for (Picture picture :
                List.of(new Picture(1, 1, 1000, line), new Picture(1, 1000, 1, line))) {
            for (Resize how : Resize.values()) {
                for (int[] size : new int[][] {{4, 4}, {1, 9}, {9, 1}}) {
                    Picture resized = resized(picture, size[0], size[1], how);
                    assertEquals(size[0], resized.height());
                    assertEquals(size[1], resized.width());
                    assertTrue(
                            IntStream.range(0, size[0] * size[1])
                                    .anyMatch(i -> resized.planes()[i] == 7));
                }
            }
        }
    }

    @Test
    void resizingTakesLittleMemoryHoweverTallAPictureIs() {
        Picture tall = new Picture(1, 60_000, 1, new byte[60_000]);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        long before = threads.getThreadAllocatedBytes(thread);
        tall.resized(1, 4096, Resize.SQUASH, Background.WHITE);
        long bytes = threads.getThreadAllocatedBytes(thread) - before;
        assertTrue(bytes < 16 << 20, bytes + " bytes");
    }
}
