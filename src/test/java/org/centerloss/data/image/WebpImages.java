package org.centerloss.data.image;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.centerloss.data.known.Bytes;

/** Makes small WebP files. Source: the WebP container and lossless bitstream specifications. */
public final class WebpImages {
    private static final int CONTAINER_EXIF = 0x08;
    private static final int CONTAINER_ANIMATION = 0x02;
    private static final int CONTAINER_ALPHA = 0x10;

    private WebpImages() {}

    /** A file that holds nothing but lossless pixels of two colours; see {@link #pixels}. */
    public static byte[] lossless(int height, int width, int first, int second) {
        return riff(chunk("VP8L", pixels(height, width, first, second)));
    }

    /** The same with EXIF. */
    public static byte[] withExif(int height, int width, int first, int second, byte[] exif) {
        return riff(
                container(CONTAINER_EXIF | CONTAINER_ALPHA, height, width),
                chunk("VP8L", pixels(height, width, first, second)),
                chunk("EXIF", exif));
    }

    /** Two frames: the first all of one colour, the second of another. */
    static byte[] animated(int height, int width, int first, int second) {
        return riff(
                container(CONTAINER_ANIMATION | CONTAINER_ALPHA, height, width),
                chunk("ANIM", new byte[6]),
                frame(height, width, first),
                frame(height, width, second));
    }

    private static byte[] frame(int height, int width, int colour) {
        byte[] pixels = chunk("VP8L", pixels(height, width, colour, colour));
        ByteBuffer frame = little(16 + pixels.length);
        put24(frame, 0);
        put24(frame, 0);
        put24(frame, width - 1);
        put24(frame, height - 1);
        put24(frame, 100);
        return chunk("ANMF", frame.put((byte) 0).put(pixels).array());
    }

    private static byte[] container(int flags, int height, int width) {
        ByteBuffer content = little(10).putInt(flags);
        put24(content, width - 1);
        put24(content, height - 1);
        return chunk("VP8X", content.array());
    }

    private static byte[] riff(byte[]... chunks) {
        byte[] all = "WEBP".getBytes(StandardCharsets.US_ASCII);
        for (byte[] chunk : chunks) {
            all = Bytes.joined(all, chunk);
        }
        return chunk("RIFF", all);
    }

    private static byte[] chunk(String type, byte[] content) {
        int padded = content.length + (content.length & 1);
        return little(8 + padded)
                .put(type.getBytes(StandardCharsets.US_ASCII))
                .putInt(content.length)
                .put(content)
                .array();
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void put24(ByteBuffer to, int value) {
        to.putShort((short) value).put((byte) (value >> 16));
    }

    /**
     * Lossless pixels: the first colour in the upper left one, the second in all others. Each
     * channel has a code of one or two symbols, which take no bit or one.
     *
     * @param first as ARGB, like {@code second}
     */
    private static byte[] pixels(int height, int width, int first, int second) {
        Bits bits = new Bits();
        bits.put(0x2f, 8);
        bits.put(width - 1, 14);
        bits.put(height - 1, 14);
        bits.put(first >>> 24 == 255 && second >>> 24 == 255 ? 0 : 1, 1);
        // Version; no transform, no color cache, one set of codes.
        bits.put(0, 3 + 3);
        int[] shifts = {8, 16, 0, 24};
        for (int shift : shifts) {
            int a = first >>> shift & 0xff;
            int b = second >>> shift & 0xff;
            bits.put(1, 1);
            bits.put(a == b ? 0 : 1, 1);
            bits.put(1, 1);
            bits.put(Math.min(a, b), 8);
            if (a != b) {
                bits.put(Math.max(a, b), 8);
            }
        }
        // Distances: the symbol 0 alone.
        bits.put(1, 4);
        for (int i = 0; i < height * width; i++) {
            int colour = i == 0 ? first : second;
            for (int shift : shifts) {
                int a = first >>> shift & 0xff;
                int b = second >>> shift & 0xff;
                if (a != b) {
                    bits.put((colour >>> shift & 0xff) == Math.max(a, b) ? 1 : 0, 1);
                }
            }
        }
        return bits.toBytes();
    }

    /** Bits, the lowest of a byte first. */
    private static final class Bits {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private int open;
        private int count;

        void put(int value, int width) {
            for (int i = 0; i < width; i++) {
                open |= (value >> i & 1) << count++;
                if (count == 8) {
                    bytes.write(open);
                    open = 0;
                    count = 0;
                }
            }
        }

        byte[] toBytes() {
            put(0, 7);
            return bytes.toByteArray();
        }
    }
}
