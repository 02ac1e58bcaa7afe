package org.centerloss.fuzz;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** Small sound files of other programs' formats. */
final class FuzzFiles {
    private FuzzFiles() {}

    static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }

    /** The files of CIFAR-10, with two images each. */
    static Map<String, byte[]> cifar() {
        Map<String, byte[]> files = new LinkedHashMap<>();
        Random random = new Random(1);
        for (String name :
                List.of(
                        "data_batch_1.bin",
                        "data_batch_2.bin",
                        "data_batch_3.bin",
                        "data_batch_4.bin",
                        "data_batch_5.bin",
                        "test_batch.bin")) {
            byte[] content = new byte[2 * 3073];
            random.nextBytes(content);
            content[0] = 3;
            content[3073] = 9;
            files.put(name, content);
        }
        files.put(
                "batches.meta.txt",
                "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n".getBytes(StandardCharsets.US_ASCII));
        return files;
    }

    static byte[] tar(Map<String, byte[]> files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                TarArchiveEntry entry =
                        new TarArchiveEntry("cifar-10-batches-bin/" + file.getKey());
                entry.setSize(file.getValue().length);
                tar.putArchiveEntry(entry);
                tar.write(file.getValue());
                tar.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }

    /** The archive of EMNIST, of digits, with the files of a folder in MNIST's format. */
    static byte[] emnistZip(Path mnist) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (String part : List.of("train", "test")) {
                for (String kind : List.of("images-idx3-ubyte", "labels-idx1-ubyte")) {
                    String set = part.equals("train") ? "train" : "t10k";
                    byte[] content = Files.readAllBytes(mnist.resolve(set + "-" + kind));
                    zip.putNextEntry(
                            new ZipEntry("gzip/emnist-digits-%s-%s.gz".formatted(part, kind)));
                    zip.write(gzip(content));
                }
            }
        }
        return bytes.toByteArray();
    }

    /** Coloured noise. */
    static BufferedImage image() {
        BufferedImage image = new BufferedImage(24, 20, BufferedImage.TYPE_INT_RGB);
        Random random = new Random(2);
        for (int i = 0; i < 24 * 20; i++) {
            image.setRGB(i % 24, i / 24, random.nextInt(1 << 24));
        }
        return image;
    }
}
