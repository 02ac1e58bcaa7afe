package org.centerloss.data.image;

import java.util.Arrays;

/**
 * One image as bytes.
 *
 * @param channels 1 for grayscale, 3 for RGB
 * @param planes [channels, height, width] unsigned bytes
 */
public record Picture(int channels, int height, int width, byte[] planes) {

    /**
     * This picture with so many channels. Gray from RGB is ITU-R 601's luma, 0.299 R + 0.587 G +
     * 0.114 B, as in Pillow; RGB from gray repeats it.
     */
    public Picture withChannels(int wanted) {
        if (wanted == channels) {
            return this;
        }
        int size = height * width;
        byte[] converted = new byte[wanted * size];
        if (wanted == 3) {
            for (int channel = 0; channel < 3; channel++) {
                System.arraycopy(planes, 0, converted, channel * size, size);
            }
        } else {
            for (int i = 0; i < size; i++) {
                int red = planes[i] & 0xff;
                int green = planes[size + i] & 0xff;
                int blue = planes[2 * size + i] & 0xff;
                converted[i] = (byte) luma(red, green, blue);
            }
        }
        return new Picture(wanted, height, width, converted);
    }

    /** ITU-R 601's luma of a colour, 0 to 255. */
    static int luma(int red, int green, int blue) {
        // Weights times 2¹⁶; they add up to 1.
        return (19595 * red + 38470 * green + 7471 * blue + 0x8000) >> 16;
    }

    /**
     * This picture turned and mirrored as an {@link Orientation} says. From 5 on rows become
     * columns; then 3, 4, 6 and 7 take the rows from the bottom up, and 2, 3, 7 and 8 the columns
     * from the right.
     */
    Picture upright(int orientation) {
        if (orientation == Orientation.UPRIGHT) {
            return this;
        }
        boolean transposed = orientation >= 5;
        boolean fromBottom =
                orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
        boolean fromRight =
                orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
        int newHeight = transposed ? width : height;
        int newWidth = transposed ? height : width;
        byte[] turned = new byte[planes.length];
        int to = 0;
        for (int channel = 0; channel < channels; channel++) {
            for (int i = 0; i < newHeight; i++) {
                for (int j = 0; j < newWidth; j++) {
                    int row = transposed ? j : i;
                    int column = transposed ? i : j;
                    row = fromBottom ? height - 1 - row : row;
                    column = fromRight ? width - 1 - column : column;
                    turned[to++] = planes[(channel * height + row) * width + column];
                }
            }
        }
        return new Picture(channels, newHeight, newWidth, turned);
    }

    /**
     * This picture at a size, by its proportions.
     *
     * @param background what {@link Resize#PAD} puts on both sides
     */
    public Picture resized(int newHeight, int newWidth, Resize how, Background background) {
        // Proportions are compared as products, without rounding.
        long wide = (long) width * newHeight;
        long high = (long) height * newWidth;
        return switch (how) {
            case SQUASH -> resized(newHeight, newWidth);
            case CROP ->
                    (wide > high
                                    ? cropped(height, share(height, newWidth, newHeight))
                                    : cropped(share(width, newHeight, newWidth), width))
                            .resized(newHeight, newWidth);
            case PAD ->
                    (wide > high
                                    ? resized(share(newWidth, height, width), newWidth)
                                    : resized(newHeight, share(newHeight, width, height)))
                            .padded(newHeight, newWidth, background.samples(channels));
        };
    }

    /** Rounds {@code length · numerator / denominator}, to 1 at least. */
    private static int share(int length, int numerator, int denominator) {
        return (int) Math.max(1, Math.round((double) length * numerator / denominator));
    }

    /** The middle of this picture. */
    private Picture cropped(int newHeight, int newWidth) {
        return moved(newHeight, newWidth, new byte[channels * newHeight * newWidth]);
    }

    /** This picture in the middle of a larger one. */
    private Picture padded(int newHeight, int newWidth, int[] background) {
        byte[] all = new byte[channels * newHeight * newWidth];
        int size = newHeight * newWidth;
        for (int channel = 0; channel < channels; channel++) {
            Arrays.fill(all, channel * size, (channel + 1) * size, (byte) background[channel]);
        }
        return moved(newHeight, newWidth, all);
    }

    /** This picture over planes of another size, middle on middle. */
    private Picture moved(int newHeight, int newWidth, byte[] onto) {
        int rows = Math.min(height, newHeight);
        int columns = Math.min(width, newWidth);
        int from = (height - rows) / 2 * width + (width - columns) / 2;
        int to = (newHeight - rows) / 2 * newWidth + (newWidth - columns) / 2;
        for (int channel = 0; channel < channels; channel++) {
            for (int row = 0; row < rows; row++) {
                System.arraycopy(
                        planes,
                        (channel * height + row) * width + from,
                        onto,
                        (channel * newHeight + row) * newWidth + to,
                        columns);
            }
        }
        return new Picture(channels, newHeight, newWidth, onto);
    }

    /**
     * This picture stretched or shrunk to a size, by a triangle filter along each axis: bilinear
     * interpolation where it grows; where it shrinks, the filter widens with the scale so that
     * every pixel counts (as Pillow's and torchvision's antialiased bilinear resize). The shape is
     * not kept where the proportions differ.
     */
    public Picture resized(int newHeight, int newWidth) {
        if (newHeight == height && newWidth == width) {
            return this;
        }
        Filter columns = Filter.of(width, newWidth);
        Filter rows = Filter.of(height, newHeight);
        byte[] result = new byte[channels * newHeight * newWidth];
        float[] sums = new float[newHeight * newWidth];
        float[] line = new float[newWidth];
        for (int channel = 0; channel < channels; channel++) {
            Arrays.fill(sums, 0);
            // The new rows that a row counts in lie side by side, and move on from row to row.
            int begin = 0;
            for (int row = 0; row < height; row++) {
                columns.apply(planes, (channel * height + row) * width, line);
                while (rows.end(begin) <= row) {
                    begin++;
                }
                for (int to = begin; to < newHeight && rows.first[to] <= row; to++) {
                    float weight = rows.weights[to][row - rows.first[to]];
                    for (int column = 0; column < newWidth; column++) {
                        sums[to * newWidth + column] += weight * line[column];
                    }
                }
            }
            int to = channel * newHeight * newWidth;
            for (int i = 0; i < sums.length; i++) {
                result[to + i] = (byte) Math.max(0, Math.min(255, Math.round(sums[i])));
            }
        }
        return new Picture(channels, newHeight, newWidth, result);
    }

    /**
     * For each output position along one axis: the first input position and the weights from there,
     * which add up to 1.
     */
    private record Filter(int[] first, float[][] weights) {
        /** Where the input of an output position ends. */
        int end(int to) {
            return first[to] + weights[to].length;
        }

        /** Filters the bytes of a line, which begins at {@code from}, into {@code filtered}. */
        void apply(byte[] bytes, int from, float[] filtered) {
            for (int to = 0; to < filtered.length; to++) {
                float sum = 0;
                for (int k = 0; k < weights[to].length; k++) {
                    sum += weights[to][k] * (bytes[from + first[to] + k] & 0xff);
                }
                filtered[to] = sum;
            }
        }

        static Filter of(int from, int to) {
            double scale = (double) from / to;
            double reach = Math.max(1, scale);
            int[] first = new int[to];
            float[][] weights = new float[to][];
            for (int i = 0; i < to; i++) {
                double center = (i + 0.5) * scale;
                first[i] = Math.max(0, (int) (center - reach + 0.5));
                int end = Math.min(from, (int) (center + reach + 0.5));
                double[] heights = new double[end - first[i]];
                double sum = 0;
                for (int k = 0; k < heights.length; k++) {
                    double distance = Math.abs(first[i] + k + 0.5 - center) / reach;
                    heights[k] = Math.max(0, 1 - distance);
                    sum += heights[k];
                }
                weights[i] = new float[heights.length];
                for (int k = 0; k < heights.length; k++) {
                    weights[i][k] = (float) (heights[k] / sum);
                }
            }
            return new Filter(first, weights);
        }
    }
}
