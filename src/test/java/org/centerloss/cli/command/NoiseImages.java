package org.centerloss.cli.command;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import javax.imageio.ImageIO;

/** A folder of colour images, soon trained on. */
final class NoiseImages {
    private NoiseImages() {}

    /** Makes two classes, {@code soft} and {@code loud}, of twelve images of noise. */
    static Path write(Path folder, int rows, int columns) throws IOException {
        Random random = new Random(1);
        for (String name : new String[] {"soft", "loud"}) {
            Path own = Files.createDirectories(folder.resolve(name));
            for (int i = 0; i < 12; i++) {
                BufferedImage image = new BufferedImage(columns, rows, BufferedImage.TYPE_INT_RGB);
                for (int p = 0; p < rows * columns; p++) {
                    int level = random.nextInt(name.equals("loud") ? 256 : 64);
                    image.setRGB(p % columns, p / columns, level << (p % 3 * 8));
                }
                ImageIO.write(image, "png", own.resolve(i + ".png").toFile());
            }
        }
        return folder;
    }
}
