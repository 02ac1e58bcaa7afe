package org.centerloss.data.image;

import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/** Small image files for tests. */
public final class Images {
    private Images() {}

    /** A BufferedImage of a type with every sample of band b set to values[b]. */
    static BufferedImage flat(int type, int height, int width, int... values) {
        return fill(new BufferedImage(width, height, type), values);
    }

    static BufferedImage fill(BufferedImage image, int... values) {
        WritableRaster raster = image.getRaster();
        for (int row = 0; row < image.getHeight(); row++) {
            for (int column = 0; column < image.getWidth(); column++) {
                raster.setPixel(column, row, values);
            }
        }
        return image;
    }

    /** An image of 3 × 4 pixels with a color space and transfer type of its own. */
    static BufferedImage of(int space, int transfer, boolean alpha, boolean premultiplied) {
        ComponentColorModel colors =
                new ComponentColorModel(
                        ColorSpace.getInstance(space),
                        alpha,
                        premultiplied,
                        alpha ? Transparency.TRANSLUCENT : Transparency.OPAQUE,
                        transfer);
        WritableRaster raster = colors.createCompatibleWritableRaster(4, 3);
        return new BufferedImage(colors, raster, premultiplied, null);
    }

    /** A grayscale image file of one value. */
    public static Path gray(Path file, int height, int width, int value) {
        return write(file, flat(BufferedImage.TYPE_BYTE_GRAY, height, width, value));
    }

    /** An RGB image file of one colour. */
    public static Path rgb(Path file, int height, int width, int red, int green, int blue) {
        return write(file, flat(BufferedImage.TYPE_INT_RGB, height, width, red, green, blue));
    }

    /** Writes in the format of the file's ending, by the platform's own writer. */
    public static Path write(Path file, BufferedImage image) {
        String name = file.getFileName().toString();
        ImageWriter writer = writer(name.substring(name.lastIndexOf('.') + 1));
        try {
            Files.createDirectories(file.getParent());
            Files.deleteIfExists(file);
            try (ImageOutputStream out = ImageIO.createImageOutputStream(file.toFile())) {
                writer.setOutput(out);
                writer.write(image);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            writer.dispose();
        }
        return file;
    }

    private static ImageWriter writer(String format) {
        Iterator<ImageWriter> writers = ImageIO.getImageWritersByFormatName(format);
        while (writers.hasNext()) {
            ImageWriter writer = writers.next();
            if (writer.getClass().getModule().getName() != null) {
                return writer;
            }
        }
        throw new AssertionError("no writer of " + format);
    }
}
