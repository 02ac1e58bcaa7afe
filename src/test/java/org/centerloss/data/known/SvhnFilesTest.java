package org.centerloss.data.known;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import org.centerloss.data.Dataset;
import org.centerloss.device.op.Augmentation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** SVHN in MATLAB files. */
class SvhnFilesTest extends KnownDatasetFolder {
    /** Digits of 2 rows and 3 columns; the value is 100 · channel + 10 · row + column + image. */
    private static byte[] svhn(ByteOrder order, boolean packed, byte... labels) {
        byte[] images = new byte[labels.length * 18];
        int at = 0;
        for (int image = 0; image < labels.length; image++) {
            for (int channel = 0; channel < 3; channel++) {
                for (int column = 0; column < 3; column++) {
                    for (int row = 0; row < 2; row++) {
                        images[at++] = (byte) (100 * channel + 10 * row + column + image);
                    }
                }
            }
        }
        return new MatBytes(order)
                .array("other", new byte[11], packed, 11, 1)
                .array("X", images, packed, 2, 3, 3, labels.length)
                .array("y", labels, packed, labels.length, 1)
                .toBytes();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void svhnIsReadWithTenForZero(boolean packed) throws IOException {
        byte[] labels = {10, 1, 9, 4, 5};
        Bytes.write(folder, "train_32x32.mat", svhn(ByteOrder.LITTLE_ENDIAN, packed, labels));
        Bytes.write(folder, "test_32x32.mat", svhn(ByteOrder.BIG_ENDIAN, packed, (byte) 2));
        Dataset data = load(KnownDataset.SVHN);
        assertArrayEquals(new int[] {0, 1, 9, 4, 5}, data.train().labels());
        assertEquals("3 × 2 × 3", data.test().imageShape());
        byte[] first = {0, 1, 2, 10, 11, 12, 100, 101, 102, 110, 111, 112};
        assertArrayEquals(first, Arrays.copyOf(data.train().pixels(), 12));
        assertEquals(1, data.train().pixels()[18]);
        assertArrayEquals(new int[] {2}, data.test().labels());
        assertEquals(new Augmentation(false, 0, 4), data.augmentation());
        Refusal.of(
                () -> load(KnownDataset.SVHN, true),
                "train_32x32.mat: not the published file of svhn",
                "expected 435e94d69a87fde4fd4d7f3dd208dfc32cb6ae8af2240d066de1df7508d083b8");
    }

    private void refuseSvhn(byte[] train, String... facts) throws IOException {
        Bytes.write(folder, "train_32x32.mat", train);
        Bytes.write(folder, "test_32x32.mat", svhn(ByteOrder.LITTLE_ENDIAN, true, (byte) 2));
        Refusal.of(() -> load(KnownDataset.SVHN), facts);
    }

    @Test
    void labelsOfSvhnMayBeDoublesButWholeAndInRange() throws IOException {
        ByteOrder order = ByteOrder.LITTLE_ENDIAN;
        MatBytes images = new MatBytes(order).array("X", new byte[6], true, 1, 2, 3);
        byte[] start = images.toBytes();
        Bytes.write(
                folder,
                "train_32x32.mat",
                images.doubles("y", new double[] {10}, true, 1, 1).toBytes());
        Bytes.write(
                folder, "test_32x32.mat", Files.readAllBytes(folder.resolve("train_32x32.mat")));
        assertArrayEquals(new int[] {0}, load(KnownDataset.SVHN).train().labels());
        for (double bad : new double[] {1.5, -1, 256, Double.NaN}) {
            MatBytes file = new MatBytes(order).doubles("y", new double[] {bad}, true, 1, 1);
            refuseSvhn(file.toBytes(), "train_32x32.mat: y: value 0: expected a whole number");
        }
        refuseSvhn(start, "train_32x32.mat: ends too early", "the arrays");
        refuseSvhn(svhn(order, true, (byte) 0), "y: label 0: expected 1 to 10, found 0");
        refuseSvhn(svhn(order, true, (byte) 11), "y: label 0: expected 1 to 10, found 11");
    }

    @Test
    void otherAndMislabelledMatlabFilesAreRefused() throws IOException {
        ByteOrder order = ByteOrder.LITTLE_ENDIAN;
        byte[] newer = new byte[200];
        byte[] text = "MATLAB 7.3 MAT-file".getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(text, 0, newer, 0, text.length);
        refuseSvhn(newer, "expected a MATLAB file of version 5, found one of version 7.3", "-v7");
        refuseSvhn(new byte[200], "expected a MATLAB file of version 5, found something else");
        refuseSvhn(new byte[0], "train_32x32.mat: empty file");
        byte[] labels = {1, 2};
        refuseSvhn(
                new MatBytes(order)
                        .array("X", new byte[12], true, 2, 2, 3)
                        .array("y", labels, true, 2, 1)
                        .toBytes(),
                "y: expected 1 labels, one for each image, found 2");
        refuseSvhn(
                new MatBytes(order)
                        .array("X", new byte[12], true, 2, 6)
                        .array("y", labels, true, 2, 1)
                        .toBytes(),
                "X: expected rows × columns × 3 × images, found 2 × 6");
        // Shapes that promise more than there is, or than fits.
        refuseSvhn(
                new MatBytes(order).array("X", new byte[12], true, 32, 32, 3, 1000).toBytes(),
                "X: expected 3072000 numbers",
                "found 12 bytes");
        refuseSvhn(
                new MatBytes(order)
                        .array("X", new byte[12], true, 1 << 30, 1 << 30, 4, 4)
                        .toBytes(),
                "X: expected 1 to 2147483639 whole numbers");
        refuseSvhn(
                new MatBytes(order).array("X", new byte[12], true, -1, 3, 3, 3).toBytes(),
                "X: expected 1 to");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void truncatedMatlabFilesAreRefusedWhereverTheyEnd(boolean packed) throws IOException {
        byte[] whole = svhn(ByteOrder.LITTLE_ENDIAN, packed, (byte) 3, (byte) 4, (byte) 5);
        // The last bytes of an unpacked file are padding.
        for (int length = 0; length < whole.length - 8; length++) {
            refuseSvhn(Arrays.copyOf(whole, length), "train_32x32.mat");
        }
    }
}
