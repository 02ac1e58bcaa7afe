package org.centerloss.data.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.ImageOutputStream;
import org.centerloss.data.folder.ImageWalk;
import org.centerloss.data.known.Bytes;
import org.centerloss.data.known.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

public class ImageFormatsTest extends DecodedImage {

    /** A JPEG file of four components of one value each, with Adobe's mark for how to take them. */
    public static byte[] fourComponents(int adobeTransform, int... samples) throws IOException {
        WritableRaster raster =
                Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 16, 16, 4, null);
        for (int i = 0; i < 256; i++) {
            raster.setPixel(i % 16, i / 16, samples);
        }
        return fourComponents(adobeTransform, raster);
    }

    private static byte[] fourComponents(int adobeTransform, Raster raster) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
            writer.setOutput(out);
            writer.write(null, new IIOImage(raster, null, null), null);
        } finally {
            writer.dispose();
        }
        byte[] plain = bytes.toByteArray();
        return ByteBuffer.allocate(plain.length + 16)
                .put(plain, 0, 2)
                .putInt(0xffee000e)
                .put("Adobe".getBytes(StandardCharsets.US_ASCII))
                .putShort((short) 100)
                .putInt(0)
                .put((byte) adobeTransform)
                .put(plain, 2, plain.length - 2)
                .array();
    }

    @Test
    void cmykJpegIsTakenForRgb() throws IOException {
        // Adobe writes ink the other way round: 255 is none.
        assertPixel(decode("a.jpg", fourComponents(0, 200, 100, 50, 255)), 7, 3, 200, 100, 50);
        assertPixel(decode("b.jpg", fourComponents(0, 200, 100, 50, 128)), 7, 3, 100, 50, 25);
        assertPixel(decode("c.jpg", fourComponents(0, 255, 255, 255, 0)), 7, 3, 0, 0, 0);
    }

    @Test
    void ycckJpegIsTakenForRgb() throws IOException {
        // Of the inks 55, 155, 205: Y = 130.8, Cb = 169.9, Cr = 73.9.
        assertPixel(decode("a.jpg", fourComponents(2, 131, 170, 74, 255)), 7, 4, 200, 100, 50);
        assertPixel(decode("b.jpg", fourComponents(2, 0, 128, 128, 255)), 7, 4, 255, 255, 255);
    }

    @Test
    void cmykJpegThatIsCutOffIsRefused() throws IOException {
        WritableRaster noise =
                Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 40, 40, 4, null);
        new Random(1).nextBytes(((DataBufferByte) noise.getDataBuffer()).getData());
        byte[] whole = fourComponents(2, noise);
        assertEquals(40, decode("whole.jpg", whole).height());
        for (double share : new double[] {0.1, 0.5, 0.9}) {
            int length = (int) (whole.length * share);
            Path cut = Bytes.write(folder, "cut.jpg", Arrays.copyOf(whole, length));
            Refusal.of(() -> ImageDecoder.decode(cut, Background.WHITE), "cut.jpg: damaged image");
        }
    }

    @Test
    void cmykTiffIsTakenForRgb() throws IOException {
        byte[] inks = new byte[16];
        for (int i = 0; i < 16; i += 4) {
            inks[i] = 55;
            inks[i + 1] = (byte) 155;
            inks[i + 2] = (byte) 205;
        }
        assertPixel(decode("a.tif", MarkedImages.cmykTiff(2, 2, inks)), 3, 1, 200, 100, 50);
    }

    @Test
    void cmykTiffThatHoldsJpegIsTakenForRgb() throws IOException {
        byte[] content = MarkedImages.cmykTiffOfJpeg(55, 155, 205, 0);
        assertPixel(decode("a.tif", content), 7, 3, 200, 100, 50);
    }

    @Test
    void imagesAreReadWithoutAPlaceForTemporaryFiles() throws IOException {
        byte[] content = MarkedImages.cmykTiffOfJpeg(55, 155, 205, 0);
        Path gone = Files.createDirectory(folder.resolve("gone"));
        ImageIO.setCacheDirectory(gone.toFile());
        Files.delete(gone);
        try {
            assertPixel(decode("a.tif", content), 7, 3, 200, 100, 50);
        } finally {
            ImageIO.setCacheDirectory(null);
        }
    }

    @Test
    void tiffOfKindsThatThePlatformLacksIsRead() throws IOException {
        Picture picture = decode("a.tif", MarkedImages.packedTiff(0, 0x8000, 0xffff, 200 * 257));
        assertArrayEquals(new byte[] {0, (byte) 128, -1, (byte) 200}, picture.planes());
    }

    @Test
    void furtherReadersDoNotChangeWhatThePlatformReads() throws IOException {
        BufferedImage colour = new BufferedImage(40, 30, BufferedImage.TYPE_3BYTE_BGR);
        BufferedImage gray = new BufferedImage(40, 30, BufferedImage.TYPE_BYTE_GRAY);
        Random random = new Random(1);
        for (int i = 0; i < 1200; i++) {
            colour.setRGB(i % 40, i / 40, random.nextInt());
            gray.getRaster().setSample(i % 40, i / 40, 0, random.nextInt(256));
        }
        for (BufferedImage image : List.of(colour, gray)) {
            for (String format : List.of("png", "jpeg", "gif", "bmp", "tiff")) {
                byte[] content = MarkedImages.encoded(image, format);
                assertArrayEquals(
                        byPlatform(content).planes(),
                        decode("a." + format, content).planes(),
                        format);
            }
        }
    }

    /** Decoded by the first reader that the platform itself has. */
    private static Picture byPlatform(byte[] content) throws IOException {
        try (ImageInputStream in =
                ImageIO.createImageInputStream(new ByteArrayInputStream(content))) {
            List<ImageReader> readers = new ArrayList<>();
            ImageIO.getImageReaders(in).forEachRemaining(readers::add);
            ImageReader own =
                    readers.stream()
                            .filter(r -> r.getClass().getName().startsWith("com.sun.imageio."))
                            .findFirst()
                            .orElseThrow();
            own.setInput(in, true, true);
            return ImagePixels.toPicture(Path.of("a"), own.read(0), Background.WHITE);
        }
    }

    /** The first bytes of files that are not read, as text of one byte a character, and words. */
    static List<List<String>> others() {
        return List.of(
                List.of("\0\0\0\30ftypheic\0\0\0\0mif1heic", "a HEIC photo", "export it as JPEG"),
                List.of("\0\0\0\30ftypmif1\0\0\0\0mif1heic", "a HEIC photo"),
                List.of("\0\0\0\34ftypmif1\0\0\0\0mif1avifmiaf", "an AVIF image"),
                List.of("\0\0\0\34ftypavif\0\0\0\0avifmif1miaf", "an AVIF image"),
                List.of("\0\0\0\30ftypcrx \0\0\0\1crx isom", "a camera's raw photo"),
                List.of("\0\0\0\24ftypqt  \0\0\0\0qt  ", "a video"),
                List.of("II*\0\20\0\0\0CR\2\0", "a camera's raw photo", "JPEG or TIFF"),
                List.of("FUJIFILMCCD-RAW 0201", "a camera's raw photo"),
                List.of("IIRO\10\0\0\0", "a camera's raw photo"),
                List.of("\u00ff\n\372\177", "a JPEG XL image"),
                List.of("\0\0\0\fJXL \r\n\u0087\n", "a JPEG XL image"),
                List.of("\0\0\0\fjP  \r\n\u0087\n", "a JPEG 2000 image"),
                List.of("8BPS\0\1", "a Photoshop document"),
                List.of("gimp xcf v011", "a GIMP document"),
                List.of("%PDF-1.7", "a PDF document"),
                List.of("%!PS-Adobe-3.0 EPSF-3.0", "an EPS drawing"),
                List.of("<svg xmlns='http://www.w3.org/2000/svg'/>", "an SVG drawing"),
                List.of(
                        "\u00ef\u00bb\u00bf<?xml version='1.0'?>\n<!-- x -->\n<svg/>",
                        "an SVG drawing"),
                List.of("\n<!DOCTYPE html><html>", "a web page", "get the image itself"),
                List.of("version https://git-lfs.github.com/spec/v1\noid", "Git LFS"));
    }

    @ParameterizedTest
    @MethodSource("others")
    void otherKindsAreRefusedWithWordsAPhotographerKnows(List<String> kind) throws IOException {
        byte[] content = kind.get(0).getBytes(StandardCharsets.ISO_8859_1);
        Path file = Bytes.write(folder, "photo.jpg", content);
        List<String> facts = new ArrayList<>(kind.subList(1, kind.size()));
        facts.add("photo.jpg: ");
        facts.add(", which is not read: ");
        Refusal.of(() -> ImageDecoder.decode(file, Background.WHITE), facts.toArray(String[]::new));
    }

    @Test
    void rawFilesThatLookLikeTiffAreNotTakenForTheirPreview() throws IOException {
        byte[] pixels = new byte[4];
        for (ByteOrder order : List.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN)) {
            byte[] plain = MarkedImages.tiff(2, 2, pixels, 1, order);
            assertNull(OtherFormat.of(plain));
            // The sensor's colour filter as kind of pixels: of the picture, of one in it.
            assertEquals(OtherFormat.RAW, OtherFormat.of(MarkedImages.withTag(plain, 262, 32803)));
            byte[] nested = MarkedImages.tiffWithInner(262, 32803, order);
            assertEquals(OtherFormat.RAW, OtherFormat.of(nested));
            assertNull(OtherFormat.of(MarkedImages.tiffWithInner(262, 2, order)));
            // DNG's version.
            assertEquals(OtherFormat.RAW, OtherFormat.of(MarkedImages.withTag(plain, 50706, 1)));
        }
    }

    @Test
    void photosOfOtherKindsAreNoFilesToPassOver() {
        for (String name : List.of("a.heic", "A.HEIC", "b.webp", "c.CR2", "d.jpg", "e.jfif")) {
            assertTrue(ImageWalk.isImage(name), name);
        }
        for (String name : List.of("heic", "a.txt", "a.pdf", "webp")) {
            assertTrue(!ImageWalk.isImage(name), name);
        }
    }
}
