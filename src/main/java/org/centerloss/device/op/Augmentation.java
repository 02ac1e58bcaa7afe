package org.centerloss.device.op;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.centerloss.base.Bounds;
import org.centerloss.base.Philox;

/**
 * The random changes made to a training image; the same on every device.
 *
 * <p>Draws are quadruples of words of {@link Philox} for image {@code s} (its index in the store)
 * in epoch {@code e}: words w = Philox.block(seed, b, s, e, {@link Philox#AUGMENTATION}), with a
 * block b for each kind of change, and uniform numbers u_k = w_k · 2⁻³² in [0, 1).
 *
 * <p>First the geometry. A pixel of the result is at (row, column) and is read once, at the place
 * (y, x) of the stored image to which these steps lead:
 *
 * <ol>
 *   <li>resized crop, b = 1: a window of the image is enlarged to the image's size. Its share of
 *       the area is a = minScale + u_0·(1 − minScale). Its sides are stretched by r = exp((2·u_1 −
 *       1)·min(ln maxRatio, −ln a)), so that its width is √(a·r) of the image's, its height √(a/r),
 *       and it always fits. It lies at u_2 of the way from left to right and at u_3 from top to
 *       bottom: x = (column + ½)·√(a·r) + u_2·(1 − √(a·r))·width − ½, and so for y; places beyond
 *       the middle of the outermost pixels move there;
 *   <li>shift, b = 0: dx = ⌊u_2·(2·padding + 1)⌋ − padding columns and dy = ⌊u_3·(2·padding + 1)⌋ −
 *       padding rows are added; the pixel is 0 where this leads out of the image;
 *   <li>rotation about the image's middle, b = 0, by θ = (2·u_1 − 1)·maxDegrees, counter-clockwise
 *       as seen: with X = x − (width − 1)/2 and Y = y − (height − 1)/2 the place becomes cosθ·X −
 *       sinθ·Y + (width − 1)/2 and sinθ·X + cosθ·Y + (height − 1)/2;
 *   <li>bilinear interpolation between the place's four neighbours; those outside the image are 0;
 *   <li>horizontal flip, b = 0: where u_0 &lt; ½ column c of the stored image is its column width −
 *       1 − c.
 * </ol>
 *
 * <p>Then the colours, b = 2, of all pixels p in [0, 1]:
 *
 * <ol>
 *   <li>brightness: p ← min(1, f·p) with f = 1 + (2·u_0 − 1)·brightness;
 *   <li>contrast: p ← max(0, min(1, f·p + (1 − f)·g)) with f = 1 + (2·u_1 − 1)·contrast and g the
 *       mean of the image's gray values: 0.299 red + 0.587 green + 0.114 blue where there are three
 *       channels, else the mean of the channels.
 * </ol>
 *
 * <p>Sources: RandomResizedCrop and ColorJitter of torchvision. The differences: a ratio that does
 * not fit is not drawn, instead of drawing again up to ten times; ratios are relative to the
 * image's own, which is the result's too; a window may begin between two pixels; brightness always
 * goes before contrast. A window is never larger than its result, so there is nothing to smooth
 * against aliasing.
 *
 * @param flip whether images are flipped at random
 * @param maxDegrees largest rotation either way, in degrees; 0 for none
 * @param padding largest shift either way, in pixels; 0 for none
 * @param resizedCrop window that is enlarged; none in files from before there was this setting
 * @param colorJitter change of colours; none in files from before there was this setting
 */
public record Augmentation(
        boolean flip,
        double maxDegrees,
        int padding,
        @JsonProperty(required = false) ResizedCrop resizedCrop,
        @JsonProperty(required = false) ColorJitter colorJitter) {
    /** The longest side that images are resized to. */
    private static final int MOST_PADDING = 4096;

    public static final Augmentation NONE = new Augmentation(false, 0, 0);

    /**
     * A random part of an image, enlarged to the whole.
     *
     * @param minScale smallest share of the area, above 0 and at most 1; 1 for no crop
     * @param maxRatio largest ratio between the stretches of width and height, either way; 1 for
     *     the image's own proportions
     */
    public record ResizedCrop(double minScale, double maxRatio) {
        public static final ResizedCrop NONE = new ResizedCrop(1, 1);

        public ResizedCrop {
            Bounds.require(
                    minScale > 0 && minScale <= 1, "crop scale", "above 0 and at most 1", minScale);
            Bounds.require(
                    maxRatio >= 1 && maxRatio < Double.POSITIVE_INFINITY,
                    "crop ratio",
                    "at least 1",
                    maxRatio);
        }
    }

    /**
     * A random change of an image's colours.
     *
     * @param brightness largest change of the factor 1, either way, 0 to 1; 0 for none
     * @param contrast largest change of the factor 1, either way, 0 to 1; 0 for none
     */
    public record ColorJitter(double brightness, double contrast) {
        public static final ColorJitter NONE = new ColorJitter(0, 0);

        public ColorJitter {
            Bounds.within("brightness", brightness, 0, 1);
            Bounds.within("contrast", contrast, 0, 1);
        }
    }

    public Augmentation {
        Bounds.within("degrees of rotation", maxDegrees, 0, 180);
        Bounds.require(
                padding >= 0 && padding <= MOST_PADDING,
                "padding",
                "0 to " + MOST_PADDING,
                padding);
        resizedCrop = resizedCrop == null ? ResizedCrop.NONE : resizedCrop;
        colorJitter = colorJitter == null ? ColorJitter.NONE : colorJitter;
    }

    /** Without resized crop and without a change of colours. */
    public Augmentation(boolean flip, double maxDegrees, int padding) {
        this(flip, maxDegrees, padding, ResizedCrop.NONE, ColorJitter.NONE);
    }

    /**
     * What suits photos of anything: flip, resized crop of half the area or more, brightness and
     * contrast by up to a fifth. Gray images are not flipped: they may be digits or writing.
     */
    public static Augmentation light(int channels) {
        return new Augmentation(
                channels != 1, 0, 0, new ResizedCrop(0.5, 4.0 / 3), new ColorJitter(0.2, 0.2));
    }

    /** In words, such as {@code flip, rotation ±5°}; {@code none} where nothing is changed. */
    public String words() {
        List<String> parts = new ArrayList<>();
        if (flip) {
            parts.add("flip");
        }
        if (maxDegrees > 0) {
            parts.add("rotation ±%s°".formatted(plain(BigDecimal.valueOf(maxDegrees))));
        }
        if (padding > 0) {
            parts.add("shift ±%d".formatted(padding));
        }
        if (resizedCrop.minScale < 1) {
            parts.add("crop from %s".formatted(percent(resizedCrop.minScale)));
        }
        if (colorJitter.brightness > 0) {
            parts.add("brightness ±%s".formatted(percent(colorJitter.brightness)));
        }
        if (colorJitter.contrast > 0) {
            parts.add("contrast ±%s".formatted(percent(colorJitter.contrast)));
        }
        return parts.isEmpty() ? "none" : String.join(", ", parts);
    }

    private static String percent(double share) {
        return plain(BigDecimal.valueOf(share).movePointRight(2)) + " %";
    }

    private static String plain(BigDecimal number) {
        return number.stripTrailingZeros().toPlainString();
    }
}
