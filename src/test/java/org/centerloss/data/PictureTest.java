package org.centerloss.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.Arrays;
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
}
