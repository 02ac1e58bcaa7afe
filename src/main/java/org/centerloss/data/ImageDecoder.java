package org.centerloss.data;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBuffer;
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
 * to 8. Transparent pixels are blended over black. Colour profiles and the camera's orientation
 * mark are not applied.
 */
final class ImageDecoder {
    private static final long MAX_FILE_BYTES = 1L << 28;
    private static final long MAX_PIXELS = 100_000_000;

    private ImageDecoder() {}

    /**
     * Decodes a file.
     *
     * @throws InputException where it cannot be read, is damaged, or of a kind that is not
     *     supported
     */
    static Picture decode(Path file) {
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
            return toPicture(file, read(file, Files.readAllBytes(file)));
        } catch (IOException e) {
            throw new InputException(file + ": cannot be read: " + ContentReader.reason(e), e);
        }
    }

    private static BufferedImage read(Path file, byte[] bytes) throws IOException {
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
                return read(file, in, reader);
            } finally {
                reader.dispose();
            }
        }
    }

    private static BufferedImage read(Path file, ImageInputStream in, ImageReader reader) {
        List<String> warnings = new ArrayList<>();
        reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
        BufferedImage image;
        try {
            reader.setInput(in, true, true);
            long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
            if (pixels > MAX_PIXELS) {
                throw new InputException(
                        "%s: expected at most %d pixels, found %d × %d"
                                .formatted(
                                        file, MAX_PIXELS, reader.getHeight(0), reader.getWidth(0)));
            }
            image = reader.read(0);
        } catch (InputException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // The platform's decoders answer damaged input with exceptions of many kinds.
            String reason = ContentReader.reason(e);
            if (reason.contains("Unsupported Image Type")) {
                throw unsupported(file, "CMYK or YCCK", e);
            }
            throw new InputException(file + ": damaged image: " + reason, e);
        }
        // The JPEG decoder fills what is missing with gray and only warns.
        for (String warning : warnings) {
            if (warning.contains("Premature end") || warning.startsWith("Corrupt JPEG data")) {
                throw new InputException(file + ": damaged image: " + warning);
            }
        }
        return image;
    }

    private static InputException unsupported(Path file, String kind, Exception cause) {
        return new InputException(
                "%s: colours of kind %s are not supported: convert it to RGB or grayscale"
                        .formatted(file, kind),
                cause);
    }

    private static Picture toPicture(Path file, BufferedImage image) {
        ColorModel colors = image.getColorModel();
        if (colors instanceof IndexColorModel palette) {
            Picture rgb = fromRgb(image);
            return isGray(palette)
                    ? new Picture(1, rgb.height(), rgb.width(), firstPlane(rgb))
                    : rgb;
        }
        int type = colors.getTransferType();
        if (type == DataBuffer.TYPE_FLOAT || type == DataBuffer.TYPE_DOUBLE) {
            throw unsupported(file, "floating point", null);
        }
        return switch (colors.getNumColorComponents()) {
            case 1 -> fromGray(image);
            case 3 -> fromRgb(image);
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
     * Gray values as the file has them: {@code getRGB} would bend them, taking them for linear
     * light.
     */
    private static Picture fromGray(BufferedImage image) {
        int width = image.getWidth();
        int height = image.getHeight();
        Raster raster = image.getRaster();
        ColorModel colors = image.getColorModel();
        long max = (1L << colors.getComponentSize(0)) - 1;
        long maxAlpha = colors.hasAlpha() ? (1L << colors.getComponentSize(1)) - 1 : 0;
        boolean blend = colors.hasAlpha() && !colors.isAlphaPremultiplied();
        byte[] plane = new byte[height * width];
        int[] samples = new int[width];
        int[] alphas = new int[width];
        for (int row = 0; row < height; row++) {
            raster.getSamples(0, row, width, 1, 0, samples);
            if (blend) {
                raster.getSamples(0, row, width, 1, 1, alphas);
            }
            for (int column = 0; column < width; column++) {
                long value = rounded(samples[column] * 255L, max);
                if (blend) {
                    value = rounded(value * alphas[column], maxAlpha);
                }
                plane[row * width + column] = (byte) value;
            }
        }
        return new Picture(1, height, width, plane);
    }

    private static Picture fromRgb(BufferedImage image) {
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
                            (byte) rounded((long) value * alpha, 255);
                }
            }
        }
        return new Picture(3, height, width, planes);
    }

    private static long rounded(long numerator, long denominator) {
        return (2 * numerator + denominator) / (2 * denominator);
    }
}
