package org.centerloss.data.known;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;

/** Small files for tests of the readers. */
public final class Bytes {
    private Bytes() {}

    /** An IDX file of images whose pixel k is k mod 251. */
    public static byte[] idxImages(int count, int rows, int columns) {
        ByteBuffer buffer = ByteBuffer.allocate(16 + count * rows * columns);
        buffer.putInt(0x803).putInt(count).putInt(rows).putInt(columns);
        for (int i = 0; buffer.hasRemaining(); i++) {
            buffer.put((byte) (i % 251));
        }
        return buffer.array();
    }

    /** An IDX file of labels 0, 1, …, 9, 0, …. */
    public static byte[] idxLabels(int count) {
        ByteBuffer buffer = ByteBuffer.allocate(8 + count);
        buffer.putInt(0x801).putInt(count);
        for (int i = 0; i < count; i++) {
            buffer.put((byte) (i % 10));
        }
        return buffer.array();
    }

    /** CIFAR-10 records with labels 0, 1, …; pixel k of image i of batch b is b + i + k mod 251. */
    public static byte[] cifarImages(int batch, int count) {
        byte[] bytes = new byte[count * 3073];
        for (int i = 0; i < count; i++) {
            bytes[i * 3073] = (byte) (i % 10);
            for (int k = 0; k < 3072; k++) {
                bytes[i * 3073 + 1 + k] = (byte) ((batch + i + k) % 251);
            }
        }
        return bytes;
    }

    public static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(bytes);
        }
        return packed.toByteArray();
    }

    public static byte[] joined(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    public static byte[] withInt(byte[] bytes, int at, int value) {
        byte[] changed = bytes.clone();
        ByteBuffer.wrap(changed).putInt(at, value);
        return changed;
    }

    public static byte[] withByte(byte[] bytes, int at, int value) {
        byte[] changed = bytes.clone();
        changed[at] = (byte) value;
        return changed;
    }

    public static Path write(Path folder, String name, byte[] bytes) throws IOException {
        Files.createDirectories(folder);
        return Files.write(folder.resolve(name), bytes);
    }
}
