package org.centerloss.data.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.centerloss.data.known.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OrientationTest {
    /** Where the stored row 0 and column 0 are to be seen, by mark: the wording of EXIF 2.32. */
    private static final List<String> SIDES =
            List.of(
                    "top left",
                    "top right",
                    "bottom right",
                    "bottom left",
                    "left top",
                    "right top",
                    "right bottom",
                    "left bottom");

    private static final List<ByteOrder> ORDERS =
            List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN);

    @TempDir private Path folder;

    private Picture decode(String name, byte[] content) throws IOException {
        return ImageDecoder.decode(Bytes.write(folder, name, content), Background.WHITE);
    }

    /** The picture as it is to be seen, pixel by pixel from where EXIF says its sides are. */
    private static Picture seen(Picture stored, int mark) {
        String rows = SIDES.get(mark - 1).split(" ")[0];
        String columns = SIDES.get(mark - 1).split(" ")[1];
        boolean lying = rows.equals("left") || rows.equals("right");
        int height = lying ? stored.width() : stored.height();
        int width = lying ? stored.height() : stored.width();
        byte[] planes = new byte[stored.planes().length];
        for (int i = 0; i < planes.length; i++) {
            int column = i % stored.width();
            int row = i / stored.width() % stored.height();
            int channel = i / stored.width() / stored.height();
            int[] place = new int[2];
            for (var side : new Object[][] {{rows, row}, {columns, column}}) {
                int distance = (int) side[1];
                switch ((String) side[0]) {
                    case "top" -> place[0] = distance;
                    case "bottom" -> place[0] = height - 1 - distance;
                    case "left" -> place[1] = distance;
                    default -> place[1] = width - 1 - distance;
                }
            }
            planes[(channel * height + place[0]) * width + place[1]] = stored.planes()[i];
        }
        return new Picture(stored.channels(), height, width, planes);
    }

    private static void assertSame(Picture expected, Picture found, String what) {
        assertEquals(expected.height(), found.height(), what);
        assertEquals(expected.width(), found.width(), what);
        assertArrayEquals(expected.planes(), found.planes(), what);
    }

    private static BufferedImage noise(int type, int height, int width) {
        BufferedImage image = new BufferedImage(width, height, type);
        Random random = new Random(1);
        for (int i = 0; i < height * width; i++) {
            image.setRGB(i % width, i / width, random.nextInt());
        }
        return image;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void picturesOfEveryFormatStandUprightByTheirMark(int mark) throws IOException {
        BufferedImage colour = noise(BufferedImage.TYPE_3BYTE_BGR, 3, 5);
        Picture png = decode("plain.png", MarkedImages.encoded(colour, "png"));
        Picture jpeg = decode("plain.jpg", MarkedImages.encoded(colour, "jpeg"));
        byte[] pixels = new byte[15];
        new Random(2).nextBytes(pixels);
        for (ByteOrder order : ORDERS) {
            byte[] exif = MarkedImages.exif(mark, order);
            String what = mark + " " + order;
            assertSame(seen(png, mark), decode("a.png", MarkedImages.png(colour, exif)), what);
            assertSame(seen(jpeg, mark), decode("a.jpg", MarkedImages.jpeg(colour, exif)), what);
            assertSame(
                    seen(new Picture(1, 3, 5, pixels), mark),
                    decode("a.tiff", MarkedImages.tiff(3, 5, pixels, mark, order)),
                    what);
        }
    }

    @Test
    void markIsFoundBehindOtherSegmentsAndFillBytes() throws IOException {
        byte[] exif = MarkedImages.exif(6, ByteOrder.BIG_ENDIAN);
        byte[] jpeg = MarkedImages.jpeg(noise(BufferedImage.TYPE_3BYTE_BGR, 3, 5), exif);
        // Another APP1 segment, as XMP is, then three fill bytes.
        byte[] start = {
            (byte) 0xff, (byte) 0xd8, (byte) 0xff, (byte) 0xe1, 0, 4, 'h', 't', -1, -1, -1
        };
        byte[] longer = Bytes.joined(start, Arrays.copyOfRange(jpeg, 2, jpeg.length));
        assertEquals(6, Orientation.of(longer));
        assertEquals(5, decode("a.jpg", longer).height());
    }

    @Test
    void damagedMarksCostNoPicture() throws IOException {
        BufferedImage image = noise(BufferedImage.TYPE_3BYTE_BGR, 3, 5);
        byte[] whole = MarkedImages.exif(6, ByteOrder.BIG_ENDIAN);
        for (byte[] exif :
                List.of(
                        new byte[0],
                        Arrays.copyOf(whole, 9),
                        Arrays.copyOf(whole, 15),
                        Bytes.withInt(whole, 4, 0x7fffffff),
                        Bytes.withInt(whole, 4, -1),
                        Bytes.withByte(whole, 19, 0),
                        Bytes.withByte(whole, 19, 9),
                        Bytes.withByte(whole, 13, 12),
                        "not a directory of tags".getBytes())) {
            assertEquals(3, decode("a.png", MarkedImages.png(image, exif)).height());
            assertEquals(3, decode("a.jpg", MarkedImages.jpeg(image, exif)).height());
        }
    }

    @Test
    void noContentIsTooStrange() throws IOException {
        long seed = Long.getLong("centerloss.seed", 0);
        Random random = new Random(seed);
        BufferedImage image = noise(BufferedImage.TYPE_BYTE_GRAY, 2, 2);
        byte[] exif = MarkedImages.exif(6, ByteOrder.LITTLE_ENDIAN);
        List<byte[]> files =
                List.of(
                        MarkedImages.jpeg(image, exif),
                        MarkedImages.png(image, exif),
                        MarkedImages.tiff(2, 2, new byte[4], 6, ByteOrder.BIG_ENDIAN),
                        Bytes.joined("RIFF    WEBPEXIF\32\0\0\0".getBytes(), exif));
        for (int i = 0; i < 40_000; i++) {
            byte[] changed = files.get(i % 4).clone();
            for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
                changed[random.nextInt(Math.min(100, changed.length))] = (byte) random.nextInt();
            }
            byte[] content = Arrays.copyOf(changed, random.nextInt(changed.length + 1));
            int mark = Orientation.of(content);
            assertTrue(mark >= 1 && mark <= 8, "seed " + seed + ", file " + i + ": " + mark);
        }
    }
}
