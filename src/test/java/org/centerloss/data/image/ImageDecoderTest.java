package org.centerloss.data.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.centerloss.data.known.Bytes;
import org.centerloss.data.known.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageDecoderTest {
    @TempDir Path folder;

    private Picture decode(String name, BufferedImage image) {
        return ImageDecoder.decode(Images.write(folder.resolve(name), image), Background.WHITE);
    }

    private static void assertFlat(Picture picture, int... expected) {
        assertEquals(expected.length, picture.channels());
        int size = picture.height() * picture.width();
        for (int i = 0; i < picture.planes().length; i++) {
            assertEquals(expected[i / size], picture.planes()[i] & 0xff, "byte " + i);
        }
    }

    @Test
    void grayValuesAreTheFilesOwn() {
        byte[] ramp = new byte[256];
        BufferedImage image = new BufferedImage(256, 1, BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < 256; i++) {
            ramp[i] = (byte) i;
            image.getRaster().setSample(i, 0, 0, i);
        }
        for (String name : new String[] {"ramp.png", "ramp.bmp", "ramp.gif", "ramp.tiff"}) {
            Picture picture = decode(name, image);
            assertEquals(1, picture.channels(), name);
            assertArrayEquals(ramp, picture.planes(), name);
        }
    }

    @Test
    void everyFormatGivesRgbPlanesInOrder() {
        for (String name : new String[] {"a.png", "a.bmp", "a.tiff", "a.gif"}) {
            assertFlat(
                    decode(name, Images.flat(BufferedImage.TYPE_3BYTE_BGR, 3, 4, 200, 100, 50)),
                    200,
                    100,
                    50);
        }
    }

    @Test
    void jpegOfColourAndGrayAreDecoded() {
        Picture rgb =
                decode("a.jpg", Images.flat(BufferedImage.TYPE_3BYTE_BGR, 16, 16, 200, 100, 50));
        int[] expected = {200, 100, 50};
        for (int channel = 0; channel < 3; channel++) {
            assertEquals(expected[channel], rgb.planes()[channel * 256] & 0xff, 2);
        }
        Picture gray = decode("b.jpg", Images.flat(BufferedImage.TYPE_BYTE_GRAY, 16, 16, 100));
        assertEquals(1, gray.channels());
        assertEquals(100, gray.planes()[0] & 0xff, 1);
    }

    @Test
    void heightAndWidthAreNotMixedUp() {
        Picture picture = decode("a.png", Images.flat(BufferedImage.TYPE_BYTE_GRAY, 3, 7, 1));
        assertEquals(3, picture.height());
        assertEquals(7, picture.width());
    }

    @Test
    void sixteenBitsAreRoundedToEight() {
        // 0x8000 / 257 = 127.5…, rounded to 128.
        assertFlat(decode("a.png", Images.flat(BufferedImage.TYPE_USHORT_GRAY, 3, 4, 0x8000)), 128);
        BufferedImage rgb = Images.of(ColorSpace.CS_sRGB, DataBuffer.TYPE_USHORT, false, false);
        assertFlat(decode("b.png", Images.fill(rgb, 200 * 257, 100 * 257, 0xffff)), 200, 100, 255);
    }

    @Test
    void grayPaletteIsGrayAndColouredPaletteIsRgb() {
        byte[] ramp = {0, 80, (byte) 160, (byte) 240};
        byte[] zeros = new byte[4];
        IndexColorModel gray = new IndexColorModel(2, 4, ramp, ramp, ramp);
        IndexColorModel red = new IndexColorModel(2, 4, ramp, zeros, zeros);
        int type = BufferedImage.TYPE_BYTE_BINARY;
        assertFlat(decode("a.png", Images.fill(new BufferedImage(4, 3, type, gray), 2)), 160);
        assertFlat(decode("b.png", Images.fill(new BufferedImage(4, 3, type, red), 2)), 160, 0, 0);
        assertFlat(decode("c.png", Images.flat(type, 3, 4, 1)), 255);
    }

    @Test
    void formatIsKnownByContentNotByName() throws IOException {
        Path png = Images.gray(folder.resolve("a.png"), 3, 4, 7);
        assertFlat(
                ImageDecoder.decode(Files.move(png, folder.resolve("b.jpg")), Background.WHITE), 7);
    }

    @Test
    void truncatedImagesOfEveryFormatAreRefused() throws IOException {
        BufferedImage image = new BufferedImage(40, 30, BufferedImage.TYPE_3BYTE_BGR);
        Random random = new Random(1);
        for (int i = 0; i < 1200; i++) {
            image.setRGB(i % 40, i / 40, random.nextInt());
        }
        for (String format : new String[] {"png", "jpg", "bmp", "gif", "tiff"}) {
            Path whole = Images.write(folder.resolve("whole." + format), image);
            byte[] bytes = Files.readAllBytes(whole);
            Path cut = folder.resolve("cut." + format);
            Files.write(cut, Arrays.copyOf(bytes, bytes.length / 2));
            Refusal.of(
                    () -> ImageDecoder.decode(cut, Background.WHITE),
                    "cut." + format + ": damaged image");
        }
    }

    @Test
    void emptyMissingAndForeignFilesAreRefused() throws IOException {
        Path empty = Files.createFile(folder.resolve("empty.png"));
        Refusal.of(() -> ImageDecoder.decode(empty, Background.WHITE), "empty.png: empty file");
        Path text =
                Files.write(folder.resolve("text.png"), "hello".getBytes(StandardCharsets.UTF_8));
        Refusal.of(
                () -> ImageDecoder.decode(text, Background.WHITE),
                "text.png: not an image",
                "PNG, JPEG");
        Path dangling =
                Files.createSymbolicLink(folder.resolve("link.png"), folder.resolve("nothing"));
        Refusal.of(
                () -> ImageDecoder.decode(dangling, Background.WHITE),
                "link.png: cannot be read: no such file");
    }

    @Test
    void headerWithTooManyPixelsIsRefusedBeforeDecoding() throws IOException {
        byte[] bytes = Files.readAllBytes(Images.gray(folder.resolve("a.png"), 3, 4, 7));
        // Width and height stand at bytes 16 and 20; the platform does not check the CRC.
        byte[] lying = Bytes.withInt(Bytes.withInt(bytes, 16, 60_000), 20, 50_000);
        Path file = Bytes.write(folder, "huge.png", lying);
        Refusal.of(
                () -> ImageDecoder.decode(file, Background.WHITE),
                "huge.png: expected at most 100000000 pixels",
                "found 50000 × 60000");
    }
}
