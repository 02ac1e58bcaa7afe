package org.centerloss.device;

/**
 * The random changes made to a training image, in this order; the same on every device.
 *
 * <p>Draws are two words-quadruples of {@link Philox} for image {@code s} (its index in the store)
 * in epoch {@code e}: words w = Philox.block(seed, 0, s, e, {@link Philox#AUGMENTATION}), and
 * uniform numbers u_k = w_k · 2⁻³² in [0, 1).
 *
 * <ol>
 *   <li>horizontal flip where u_0 &lt; 0.5;
 *   <li>rotation about the image's middle by θ = (2·u_1 − 1)·maxDegrees, counter-clockwise as seen:
 *       with X = column − (width − 1)/2 and Y = row − (height − 1)/2 of the output pixel, the
 *       source lies at column cosθ·X − sinθ·Y + (width − 1)/2 and row sinθ·X + cosθ·Y + (height −
 *       1)/2, and is interpolated bilinearly from its four neighbours; neighbours outside the image
 *       are 0;
 *   <li>crop: the image shifted by dx = ⌊u_2·(2·padding + 1)⌋ − padding columns and dy =
 *       ⌊u_3·(2·padding + 1)⌋ − padding rows: output (row, column) is input (row + dy, column +
 *       dx), 0 outside.
 * </ol>
 *
 * @param flip whether images are flipped at random
 * @param maxDegrees largest rotation either way, in degrees; 0 for none
 * @param padding largest shift either way, in pixels; 0 for none
 */
public record Augmentation(boolean flip, double maxDegrees, int padding) {
    public static final Augmentation NONE = new Augmentation(false, 0, 0);

    public Augmentation {
        if (!(maxDegrees >= 0 && maxDegrees <= 180)) {
            throw new IllegalArgumentException("rotation must be 0 to 180 degrees: " + maxDegrees);
        }
        if (padding < 0) {
            throw new IllegalArgumentException("padding must not be negative: " + padding);
        }
    }
}
