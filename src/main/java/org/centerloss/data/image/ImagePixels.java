package org.centerloss.data.image;

import java.awt.color.ColorSpace;
import java.awt.color.ICC_ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.nio.file.Path;
import java.util.Arrays;
import org.centerloss.base.InputException;

/**
 * Makes pictures of decoded images. Grayscale stays grayscale, also in a palette; everything else
 * becomes RGB. 16 bits are rounded to 8. Transparent pixels are blended over a background.
 */
final class ImagePixels {
    private ImagePixels() {}

    private static InputException unsupported(Path file, String kind) {
        return new InputException(
                "%s: colours %s are not supported: convert it to RGB or grayscale"
                        .formatted(file, kind));
    }

    /**
     * The picture of an image.
     *
     * @param file for the message
     * @param background what shows through where the image is transparent
     * @throws InputException where its colours are of a kind that is not supported
     */
    static Picture toPicture(Path file, BufferedImage image, Background background) {
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
                throw unsupported(file, "of %d bits".formatted(bits));
            }
        }
        ColorSpace space = colors.getColorSpace();
        return switch (space.getNumComponents()) {
            // Not getRGB: it would bend gray values, taking them for linear light.
            case 1 -> fromSamples(image, background.samples(1));
            case 3 ->
                    space.isCS_sRGB()
                            ? fromSamples(image, background.samples(3))
                            : fromRgb(image, background.samples(3));
            case 4 ->
                    // Without a profile, the platform would take the light for linear.
                    space instanceof ICC_ColorSpace
                            ? fromRgb(image, background.samples(3))
                            : fromInks(image);
            default ->
                    throw unsupported(file, "of %d components".formatted(space.getNumComponents()));
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

    /** Of CMYK: what the inks leave of white light, (1 − ink) · (1 − black), as in Pillow. */
    private static Picture fromInks(BufferedImage image) {
        Picture inks = fromSamples(image, new int[4]);
        int size = inks.height() * inks.width();
        byte[] planes = new byte[3 * size];
        for (int i = 0; i < planes.length; i++) {
            int left = 255 - (inks.planes()[i] & 0xff);
            int leftByBlack = 255 - (inks.planes()[3 * size + i % size] & 0xff);
            planes[i] = (byte) rounded(left * leftByBlack, 255);
        }
        return new Picture(3, inks.height(), inks.width(), planes);
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
