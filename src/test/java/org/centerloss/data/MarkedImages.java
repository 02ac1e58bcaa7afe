package org.centerloss.data;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;

/** Small image files with a camera's orientation mark. */
final class MarkedImages {
    private MarkedImages() {}

    /** EXIF with the mark as its only entry. */
    static byte[] exif(int orientation, ByteOrder order) {
        ByteBuffer block = ByteBuffer.allocate(26).order(order);
        header(block, 8);
        block.putShort((short) 1);
        entry(block, 274, 3, 1, orientation);
        return block.putInt(0).array();
    }

    private static void header(ByteBuffer block, int directory) {
        String order = block.order() == ByteOrder.LITTLE_ENDIAN ? "II" : "MM";
        block.put(ascii(order)).putShort((short) 42).putInt(directory);
    }

    private static void entry(ByteBuffer block, int tag, int type, int count, int value) {
        block.putShort((short) tag).putShort((short) type).putInt(count);
        if (type == 3) {
            block.putShort((short) value).putShort((short) 0);
        } else {
            block.putInt(value);
        }
    }

    static byte[] encoded(BufferedImage image, String format) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (!ImageIO.write(image, format, out)) {
            throw new AssertionError("no writer for " + format);
        }
        return out.toByteArray();
    }

    /** A JPEG file with EXIF in front of its other segments. */
    static byte[] jpeg(BufferedImage image, byte[] exif) throws IOException {
        byte[] plain = encoded(image, "jpeg");
        return ByteBuffer.allocate(plain.length + 10 + exif.length)
                .put(plain, 0, 2)
                .putShort((short) 0xffe1)
                .putShort((short) (8 + exif.length))
                .put(ascii("Exif\0\0"))
                .put(exif)
                .put(plain, 2, plain.length - 2)
                .array();
    }

    /** A PNG file with EXIF behind its header. */
    static byte[] png(BufferedImage image, byte[] exif) throws IOException {
        return withChunk(encoded(image, "png"), "eXIf", exif);
    }

    /** A PNG file with one more chunk behind its header. */
    static byte[] withChunk(byte[] png, String type, byte[] data) {
        int headerEnd = 33;
        CRC32 checksum = new CRC32();
        checksum.update(ascii(type));
        checksum.update(data);
        return ByteBuffer.allocate(png.length + 12 + data.length)
                .put(png, 0, headerEnd)
                .putInt(data.length)
                .put(ascii(type))
                .put(data)
                .putInt((int) checksum.getValue())
                .put(png, headerEnd, png.length - headerEnd)
                .array();
    }

    /** A grayscale TIFF file, uncompressed, one strip. */
    static byte[] tiff(int height, int width, byte[] pixels, int orientation, ByteOrder order) {
        int entries = 9;
        int data = 8 + 2 + 12 * entries + 4;
        ByteBuffer file = ByteBuffer.allocate(data + pixels.length).order(order);
        header(file, 8);
        file.putShort((short) entries);
        entry(file, 256, 4, 1, width);
        entry(file, 257, 4, 1, height);
        entry(file, 258, 3, 1, 8);
        entry(file, 259, 3, 1, 1);
        entry(file, 262, 3, 1, 1);
        entry(file, 273, 4, 1, data);
        entry(file, 274, 3, 1, orientation);
        entry(file, 278, 4, 1, height);
        entry(file, 279, 4, 1, pixels.length);
        return file.putInt(0).put(pixels).array();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
