package org.centerloss.base;

import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageInputStream;

/**
 * Java's image library, set up for a program without windows. Nobody else asks {@link ImageIO}, so
 * that whoever does finds it set up.
 */
public final class ImageLibrary {
    static {
        // With a display set, AWT would load its window library, which a server's Java lacks.
        if (System.getProperty("java.awt.headless") == null) {
            System.setProperty("java.awt.headless", "true");
        }
        // The cache would be a temporary file, and a hook, which a JVM that ends takes no more.
        ImageIO.setUseCache(false);
    }

    private ImageLibrary() {}

    /** Readers that recognise the content, each to be disposed of. */
    public static Iterator<ImageReader> readers(ImageInputStream content) {
        return ImageIO.getImageReaders(content);
    }

    /** A writer of a format that every JVM can write, to be disposed of. */
    public static ImageWriter writer(String format) {
        return ImageIO.getImageWritersByFormatName(format).next();
    }
}
