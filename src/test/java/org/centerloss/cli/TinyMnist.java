package org.centerloss.cli;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** Files in MNIST's format with few images: a class is a bright row. */
public final class TinyMnist {
    private static final int SIDE = 28;

    private TinyMnist() {}

    public static void write(Path folder, int train, int test) throws IOException {
        Files.createDirectories(folder);
        write(folder, "train", train);
        write(folder, "t10k", test);
    }

    private static void write(Path folder, String set, int count) throws IOException {
        ByteArrayOutputStream images = new ByteArrayOutputStream();
        ByteArrayOutputStream labels = new ByteArrayOutputStream();
        header(images, 0x803, count, SIDE, SIDE);
        header(labels, 0x801, count);
        Random random = new Random(count);
        for (int i = 0; i < count; i++) {
            byte[] image = new byte[SIDE * SIDE];
            for (int p = 0; p < image.length; p++) {
                boolean bright = p / SIDE / 2 == 2 + i % 10;
                image[p] = (byte) ((bright ? 200 : 0) + random.nextInt(50));
            }
            images.write(image);
            labels.write(i % 10);
        }
        Files.write(folder.resolve(set + "-images-idx3-ubyte"), images.toByteArray());
        Files.write(folder.resolve(set + "-labels-idx1-ubyte"), labels.toByteArray());
    }

    private static void header(ByteArrayOutputStream out, int... words) throws IOException {
        DataOutputStream data = new DataOutputStream(out);
        for (int word : words) {
            data.writeInt(word);
        }
    }
}
