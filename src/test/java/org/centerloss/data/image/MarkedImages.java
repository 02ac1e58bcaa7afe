package org.centerloss.data.image;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import javax.imageio.ImageIO;

/** Small image files with a camera's orientation mark. */
public final class MarkedImages {
    private MarkedImages() {}

    /** EXIF with the mark as its only entry. */
    public static byte[] exif(int orientation, ByteOrder order) {
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

    public static byte[] encoded(BufferedImage image, String format) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (!ImageIO.write(image, format, out)) {
            throw new AssertionError("no writer for " + format);
        }
        return out.toByteArray();
    }

    /** A JPEG file with EXIF in front of its other segments. */
    public static byte[] jpeg(BufferedImage image, byte[] exif) throws IOException {
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
    public static byte[] png(BufferedImage image, byte[] exif) throws IOException {
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
    public static byte[] tiff(
            int height, int width, byte[] pixels, int orientation, ByteOrder order) {
        return tiff(height, width, 1, pixels, orientation, order);
    }

    /** A CMYK TIFF file, uncompressed, one strip. */
    static byte[] cmykTiff(int height, int width, byte[] pixels) {
        return tiff(height, width, 4, pixels, 1, ByteOrder.BIG_ENDIAN);
    }

    /**
     * A CMYK TIFF file of 16 × 16 pixels in the older of two ways to hold JPEG: the tables lie
     * apart from the strip.
     */
    public static byte[] cmykTiffOfJpeg(int... inks) throws IOException {
        ByteBuffer jpeg = ByteBuffer.wrap(ImageFormatsTest.fourComponents(0, inks));
        int scan = 2;
        while ((jpeg.getShort(scan) & 0xffff) != 0xffda) {
            scan += 2 + jpeg.getShort(scan + 2);
        }
        scan += 2 + jpeg.getShort(scan + 2);
        int entries = 12;
        int depths = 8 + 2 + 12 * entries + 4;
        int data = depths + 8;
        ByteBuffer file = ByteBuffer.allocate(data + jpeg.limit());
        header(file, 8);
        file.putShort((short) entries);
        entry(file, 256, 4, 1, 16);
        entry(file, 257, 4, 1, 16);
        file.putShort((short) 258).putShort((short) 3).putInt(4).putInt(depths);
        entry(file, 259, 3, 1, 6);
        entry(file, 262, 3, 1, 5);
        entry(file, 273, 4, 1, data + scan);
        entry(file, 277, 3, 1, 4);
        entry(file, 278, 4, 1, 16);
        entry(file, 279, 4, 1, jpeg.limit() - scan);
        entry(file, 284, 3, 1, 1);
        entry(file, 513, 4, 1, data);
        entry(file, 514, 4, 1, scan);
        file.putInt(0);
        for (int i = 0; i < 4; i++) {
            file.putShort((short) 8);
        }
        return file.put(jpeg).array();
    }

    private static byte[] tiff(
            int height, int width, int samples, byte[] pixels, int orientation, ByteOrder order) {
        int entries = 10;
        int depths = 8 + 2 + 12 * entries + 4;
        int data = depths + 8;
        ByteBuffer file = ByteBuffer.allocate(data + pixels.length).order(order);
        header(file, 8);
        file.putShort((short) entries);
        entry(file, 256, 4, 1, width);
        entry(file, 257, 4, 1, height);
        if (samples == 1) {
            entry(file, 258, 3, 1, 8);
        } else {
            file.putShort((short) 258).putShort((short) 3).putInt(samples).putInt(depths);
        }
        entry(file, 259, 3, 1, 1);
        entry(file, 262, 3, 1, samples == 1 ? 1 : 5);
        entry(file, 273, 4, 1, data);
        entry(file, 274, 3, 1, orientation);
        entry(file, 277, 3, 1, samples);
        entry(file, 278, 4, 1, height);
        entry(file, 279, 4, 1, pixels.length);
        file.putInt(0);
        for (int i = 0; i < 4; i++) {
            file.putShort((short) 8);
        }
        return file.put(pixels).array();
    }

    /** A grayscale TIFF file of one row with 16 bits, each the difference to the last, packed. */
    static byte[] packedTiff(int... samples) {
        ByteBuffer differences = ByteBuffer.allocate(2 * samples.length);
        for (int i = 0; i < samples.length; i++) {
            differences.putShort((short) (i == 0 ? samples[0] : samples[i] - samples[i - 1]));
        }
        Deflater deflater = new Deflater();
        deflater.setInput(differences.array());
        deflater.finish();
        byte[] packed = new byte[100 + differences.capacity()];
        int length = deflater.deflate(packed);
        deflater.end();
        int entries = 10;
        int data = 8 + 2 + 12 * entries + 4;
        ByteBuffer file = ByteBuffer.allocate(data + length);
        header(file, 8);
        file.putShort((short) entries);
        entry(file, 256, 4, 1, samples.length);
        entry(file, 257, 4, 1, 1);
        entry(file, 258, 3, 1, 16);
        entry(file, 259, 3, 1, 8);
        entry(file, 262, 3, 1, 1);
        entry(file, 273, 4, 1, data);
        entry(file, 277, 3, 1, 1);
        entry(file, 278, 4, 1, 1);
        entry(file, 279, 4, 1, length);
        entry(file, 317, 3, 1, 2);
        return file.putInt(0).put(packed, 0, length).array();
    }

    /** A TIFF file whose first directory begins with another tag and value. */
    static byte[] withTag(byte[] tiff, int tag, int value) {
        byte[] changed = tiff.clone();
        ByteOrder order = tiff[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
        entry(ByteBuffer.wrap(changed).order(order).position(10), tag, 3, 1, value);
        return changed;
    }

    /** A directory that holds nothing but the place of another, which has this tag and value. */
    static byte[] tiffWithInner(int tag, int value, ByteOrder order) {
        ByteBuffer file = ByteBuffer.allocate(26 + 18).order(order);
        header(file, 8);
        file.putShort((short) 1);
        entry(file, 330, 4, 1, 26);
        file.putInt(0).putShort((short) 1);
        entry(file, tag, 3, 1, value);
        return file.putInt(0).array();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
