package org.centerloss.data;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.centerloss.InputException;

/**
 * Decodes an image file of any format that the Java platform reads: PNG, JPEG, GIF (first picture),
 * BMP, TIFF, WBMP; which one is known by the content, not by the name.
 *
 * <p>Grayscale stays grayscale, also in a palette; everything else becomes RGB. 16 bits are rounded
 * to 8. Transparent pixels are blended over a background. A camera's mark of how it was held is
 * applied (see {@link Orientation}).
 */
final class ImageDecoder {
    private static final long MAX_FILE_BYTES = 1L << 28;
    private static final long MAX_PIXELS = 100_000_000;

    static {
        // With a display set, AWT would load its window library, which a server's Java lacks.
        if (System.getProperty("java.awt.headless") == null) {
            System.setProperty("java.awt.headless", "true");
        }
    }

    private ImageDecoder() {}

    /**
     * Decodes a file.
     *
     * @param background what shows through where the image is transparent
     * @throws InputException where it cannot be read, is damaged, or of a kind that is not
     *     supported
     */
    static Picture decode(Path file, Background background) {
        try {
            long size = Files.size(file);
            if (size == 0) {
                throw new InputException(file + ": empty file: expected an image");
            }
            if (size > MAX_FILE_BYTES) {
                throw new InputException(
                        "%s: expected an image of at most %d bytes, found %d"
                                .formatted(file, MAX_FILE_BYTES, size));
            }
            byte[] content = Files.readAllBytes(file);
            return read(file, content, background).upright(Orientation.of(content));
        } catch (IOException e) {
            throw new InputException(file + ": cannot be read: " + ContentReader.reason(e), e);
        }
    }

    private static Picture read(Path file, byte[] bytes, Background background) throws IOException {
        try (ImageInputStream in =
                new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                throw new InputException(
                        "%s: not an image of a supported format (PNG, JPEG, GIF, BMP, TIFF)"
                                .formatted(file));
            }
            ImageReader reader = readers.next();
            try {
                return read(file, in, reader, background);
            } finally {
                reader.dispose();
            }
        }
    }

    private static Picture read(
            Path file, ImageInputStream in, ImageReader reader, Background background) {
        List<String> warnings = new ArrayList<>();
        reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
        Picture picture;
        try {
            reader.setInput(in, true, true);
            long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
            if (pixels > MAX_PIXELS) {
                throw new InputException(
                        "%s: expected at most %d pixels, found %d × %d"
                                .formatted(
                                        file, MAX_PIXELS, reader.getHeight(0), reader.getWidth(0)));
            }
            picture = toPicture(file, reader.read(0), background);
        } catch (InputException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // The platform's decoders answer damaged input with exceptions of many kinds.
            String reason = ContentReader.reason(e);
            if (reason.contains("Unsupported Image Type")) {
                throw unsupported(file, "CMYK or YCCK", e);
            }
            throw new InputException(file + ": damaged image: " + reason, e);
        } catch (OutOfMemoryError e) {
            // A damaged TIFF can ask for any amount; what it got is free again.
            throw new InputException(
                    file + ": damaged image, or too large for Java's memory (java -Xmx)", e);
        }
        // The JPEG decoder fills what is missing with gray and only warns.
        for (String warning : warnings) {
            String lower = warning.toLowerCase(Locale.ROOT);
            if (lower.contains("premature end") || lower.contains("bad huffman code")) {
                throw new InputException(file + ": damaged image: " + warning);
            }
        }
        return picture;
    }

    private static InputException unsupported(Path file, String kind, Exception cause) {
        return new InputException(
                "%s: colours of kind %s are not supported: convert it to RGB or grayscale"
                        .formatted(file, kind),
                cause);
    }

    private static Picture toPicture(Path file, BufferedImage image, Background background) {
        ColorModel colors = image.getColorModel();
        if (colors instanceof IndexColorModel palette) {
            if (!isGray(palette)) {
                return fromRgb(image, background.samples(3));
            }
            int gray = background.samples(1)[0];
            Picture rgb = fromRgb(image, new int[] {gray, gray, gray});
            return new Picture(1, rgb.height(), rgb.width(), firstPlane(rgb));
        }
        for (int bits : colors.getComponentSize()) {
            if (bits < 1 || bits > 16) {
                throw unsupported(file, bits + " bits", null);
            }
        }
        return switch (colors.getNumColorComponents()) {
            // Not getRGB: it would bend gray values, taking them for linear light.
            case 1 -> fromSamples(image, background.samples(1));
            case 3 -> {
                int[] behind = background.samples(3);
                yield colors.getColorSpace().isCS_sRGB()
                        ? fromSamples(image, behind)
                        : fromRgb(image, behind);
            }
            default ->
                    throw unsupported(
                            file, colors.getNumColorComponents() + " components (CMYK?)", null);
        };
    }

    private static boolean isGray(IndexColorModel palette) {
        for (int i = 0; i < palette.getMapSize(); i++) {
            if (palette.getRed(i) != palette.getGreen(i)
                    || palette.getGreen(i) != palette.getBlue(i)) {
                return false;
            }
        }
        return true;
    }

    private static byte[] firstPlane(Picture picture) {
        return Arrays.copyOf(picture.planes(), picture.height() * picture.width());
    }

    /**
     * The file's own values, of up to 16 bits, and its alpha.
     *
     * @param background [channels] what shows through
     */
    private static Picture fromSamples(BufferedImage image, int[] background) {
        int channels = background.length;
        int width = image.getWidth();
        int height = image.getHeight();
        Raster raster = image.getRaster();
        ColorModel colors = image.getColorModel();
        int bands = raster.getNumBands();
        int[] max = new int[colors.getNumComponents()];
        for (int component = 0; component < max.length; component++) {
            max[component] = (1 << colors.getComponentSize(component)) - 1;
        }
        byte[] planes = new byte[channels * height * width];
        int[] samples = new int[width * bands];
        for (int row = 0; row < height; row++) {
            raster.getPixels(0, row, width, 1, samples);
            for (int channel = 0; channel < channels; channel++) {
                int to = (channel * height + row) * width;
                for (int column = 0; column < width; column++) {
                    int value = to8Bits(samples[column * bands + channel], max[channel]);
                    if (colors.hasAlpha()) {
                        int alpha = to8Bits(samples[column * bands + channels], max[channels]);
                        int weight = colors.isAlphaPremultiplied() ? 255 : alpha;
                        value = blended(value * weight, alpha, background[channel]);
                    }
                    planes[to + column] = (byte) value;
                }
            }
        }
        return new Picture(channels, height, width, planes);
    }

    private static int to8Bits(int sample, int max) {
        return max == 255 ? sample : rounded(sample * 255, max);
    }

    /**
     * A sample over the background.
     *
     * @param weighted the sample times its alpha of 0 to 255
     */
    private static int blended(int weighted, int alpha, int background) {
        return Math.min(255, rounded(weighted + background * (255 - alpha), 255));
    }

    /** Values in sRGB through the image's colour model: palettes and other colour spaces. */
    private static Picture fromRgb(BufferedImage image, int[] background) {
        int width = image.getWidth();
        int height = image.getHeight();
        int size = height * width;
        byte[] planes = new byte[3 * size];
        int[] line = new int[width];
        for (int row = 0; row < height; row++) {
            image.getRGB(0, row, width, 1, line, 0, width);
            for (int column = 0; column < width; column++) {
                int pixel = line[column];
                int alpha = pixel >>> 24;
                for (int channel = 0; channel < 3; channel++) {
                    int value = (pixel >> (16 - 8 * channel)) & 0xff;
                    planes[channel * size + row * width + column] =
                            (byte) blended(value * alpha, alpha, background[channel]);
                }
            }
        }
        return new Picture(3, height, width, planes);
    }

    private static int rounded(int numerator, int denominator) {
        return (numerator + denominator / 2) / denominator;
    }
}
