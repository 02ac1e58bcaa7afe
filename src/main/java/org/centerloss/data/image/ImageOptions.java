package org.centerloss.data.image;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.centerloss.base.InputException;
import org.centerloss.data.folder.NameSplit;

/**
 * How a folder of images is read, and which images are kept back from training.
 *
 * @param height rows to resize to, 0 to take the images as they are
 * @param width columns to resize to, 0 to take the images as they are
 * @param channels 1 for grayscale, 3 for RGB, 0 to take the images as they are
 * @param resize how images of other proportions come to the size; null, for {@link Resize#SQUASH},
 *     in files from before there was this setting
 * @param background what shows through where an image is transparent, and what {@link Resize#PAD}
 *     adds; null, for black, in files from before there was this setting
 * @param testFraction share of each class that is kept for the test, where the folder has no {@code
 *     train/} and {@code test/}
 * @param validationFraction share of each class's training images that is kept for validation, also
 *     of a known data set; 0 for none, as in files from before there was this setting
 * @param seed of these choices
 * @param split what the choices go by; null, for {@link Split#BY_POSITION}, in files from before
 *     there was this setting
 */
public record ImageOptions(
        int height,
        int width,
        int channels,
        @JsonProperty(required = false) Resize resize,
        @JsonProperty(required = false) Background background,
        double testFraction,
        @JsonProperty(required = false) Double validationFraction,
        long seed,
        @JsonProperty(required = false) Split split) {
    /** What decides which images of a folder are kept for the test. */
    public enum Split {
        /** The place in the listing; how runs of older versions did it, which go on so. */
        BY_POSITION,
        /** The name; see {@link NameSplit}. */
        BY_NAME
    }

    public static final double DEFAULT_TEST_FRACTION = 0.2;

    /** Images as they are, over white, a fifth of them for the test, none for validation. */
    public static final ImageOptions AS_THEY_ARE =
            new ImageOptions(
                    0,
                    0,
                    0,
                    Resize.CROP,
                    Background.WHITE,
                    DEFAULT_TEST_FRACTION,
                    0.0,
                    0,
                    Split.BY_NAME);

    private static final int MAX_SIDE = 4096;
    private static final Pattern SIZE = Pattern.compile("(\\d{1,5})(?:[x×](\\d{1,5}))?");

    public ImageOptions {
        resize = resize == null ? Resize.SQUASH : resize;
        background = background == null ? Background.BLACK : background;
        validationFraction = validationFraction == null ? Double.valueOf(0) : validationFraction;
        split = split == null ? Split.BY_POSITION : split;
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
        if (!(validationFraction >= 0 && validationFraction < 1)) {
            throw new InputException(
                    "--validation-fraction: expected 0 or more and below 1, found "
                            + validationFraction);
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
        return new ImageOptions(
                rows,
                columns,
                channels,
                resize,
                background,
                testFraction,
                validationFraction,
                seed,
                split);
    }

    /** These options with so many channels; 0 to take the images as they are. */
    public ImageOptions withChannels(int wanted) {
        return new ImageOptions(
                height,
                width,
                wanted,
                resize,
                background,
                testFraction,
                validationFraction,
                seed,
                split);
    }

    /** These options with another way to the size. */
    public ImageOptions withResize(Resize other) {
        return new ImageOptions(
                height,
                width,
                channels,
                other,
                background,
                testFraction,
                validationFraction,
                seed,
                split);
    }

    /** These options with another colour behind transparent images. */
    public ImageOptions withBackground(Background other) {
        return new ImageOptions(
                height,
                width,
                channels,
                resize,
                other,
                testFraction,
                validationFraction,
                seed,
                split);
    }

    /** These options with this share of each class for the test. */
    public ImageOptions withTestFraction(double fraction) {
        return new ImageOptions(
                height,
                width,
                channels,
                resize,
                background,
                fraction,
                validationFraction,
                seed,
                split);
    }

    /** These options with this share of each class's training images for validation. */
    public ImageOptions withValidationFraction(double fraction) {
        return new ImageOptions(
                height, width, channels, resize, background, testFraction, fraction, seed, split);
    }

    /** These options with this seed of the choices. */
    public ImageOptions withSeed(long other) {
        return new ImageOptions(
                height,
                width,
                channels,
                resize,
                background,
                testFraction,
                validationFraction,
                other,
                split);
    }

    public boolean resizes() {
        return height > 0;
    }

    private static InputException badSize(String found) {
        return new InputException(
                "--image-size: expected a side such as 32, or rows x columns such as 32x48, of 1 to %d pixels, found %s"
                        .formatted(MAX_SIDE, found));
    }
}
