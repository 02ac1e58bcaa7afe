package org.centerloss.data;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.centerloss.InputException;

/**
 * How a folder of images is read.
 *
 * @param height rows to resize to, 0 to take the images as they are
 * @param width columns to resize to, 0 to take the images as they are
 * @param channels 1 for grayscale, 3 for RGB, 0 to take the images as they are
 * @param testFraction share of each class that is kept for the test, where the folder has no {@code
 *     train/} and {@code test/}
 * @param seed of that split
 * @param background what shows through where an image is transparent; null, for black, in files
 *     from before there was this setting
 */
public record ImageOptions(
        int height,
        int width,
        int channels,
        double testFraction,
        long seed,
        @JsonProperty(required = false) Background background) {
    public static final double DEFAULT_TEST_FRACTION = 0.2;

    /** Images as they are, over white, a fifth of them for the test. */
    public static final ImageOptions AS_THEY_ARE =
            new ImageOptions(0, 0, 0, DEFAULT_TEST_FRACTION, 0, Background.WHITE);

    private static final int MAX_SIDE = 4096;
    private static final Pattern SIZE = Pattern.compile("(\\d{1,5})(?:[x×](\\d{1,5}))?");

    public ImageOptions {
        background = background == null ? Background.BLACK : background;
        if ((height == 0) != (width == 0)
                || height < 0
                || width < 0
                || Math.max(height, width) > MAX_SIDE) {
            throw badSize(height + "x" + width);
        }
        if (channels != 0 && channels != 1 && channels != 3) {
            throw new InputException(
                    "--channels: expected 1 (grayscale) or 3 (RGB), found " + channels);
        }
    }

    /**
     * These options with the size written as {@code 32}, for a square, or {@code 32x48}, rows
     * first.
     */
    public ImageOptions withSize(String size) {
        Matcher matcher = SIZE.matcher(size);
        if (!matcher.matches()) {
            throw badSize(size);
        }
        int rows = Integer.parseInt(matcher.group(1));
        int columns = matcher.group(2) == null ? rows : Integer.parseInt(matcher.group(2));
        if (rows == 0 || columns == 0) {
            throw badSize(size);
        }
        return withSize(rows, columns);
    }

    /** These options with this size. */
    public ImageOptions withSize(int rows, int columns) {
        return new ImageOptions(rows, columns, channels, testFraction, seed, background);
    }

    /** These options with so many channels; 0 to take the images as they are. */
    public ImageOptions withChannels(int wanted) {
        return new ImageOptions(height, width, wanted, testFraction, seed, background);
    }

    /** These options with this share of each class for the test. */
    public ImageOptions withTestFraction(double fraction) {
        return new ImageOptions(height, width, channels, fraction, seed, background);
    }

    /** These options with this seed of the split. */
    public ImageOptions withSeed(long other) {
        return new ImageOptions(height, width, channels, testFraction, other, background);
    }

    /** These options with another colour behind transparent images. */
    public ImageOptions withBackground(Background other) {
        return new ImageOptions(height, width, channels, testFraction, seed, other);
    }

    boolean resizes() {
        return height > 0;
    }

    private static InputException badSize(String found) {
        return new InputException(
                "--image-size: expected a side such as 32, or rows x columns such as 32x48, of 1 to %d pixels, found %s"
                        .formatted(MAX_SIDE, found));
    }
}
