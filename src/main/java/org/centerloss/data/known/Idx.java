package org.centerloss.data.known;

import java.util.Arrays;
import java.util.List;
import org.centerloss.base.InputException;
import org.centerloss.data.ImageSet;
import org.centerloss.data.image.ContentReader;

/**
 * The IDX format of MNIST and its relatives: a magic number (two zero bytes, the type 8 for
 * unsigned bytes, the number of dimensions), each dimension as a 32-bit number, the bytes; all high
 * byte first. Source: Y. LeCun, The MNIST database.
 */
final class Idx {
    private static final int LABELS_MAGIC = 0x00000801;
    private static final int IMAGES_MAGIC = 0x00000803;

    private Idx() {}

    /**
     * Reads one file of images and its file of labels, to their ends.
     *
     * @param firstLabel the label of the first class, which becomes 0
     * @param classes how many classes there are
     * @return [count, 1, height, width]
     * @throws InputException where either is not such a file, whole, or they do not match
     */
    static ImageSet read(ContentReader images, ContentReader labels, int firstLabel, int classes) {
        int[] shape = readShape(images, IMAGES_MAGIC, List.of("images", "rows", "columns"));
        byte[] pixels = readContent(images, shape, "%d images of %d × %d");
        int[] count = readShape(labels, LABELS_MAGIC, List.of("labels"));
        byte[] bytes = readContent(labels, count, "%d labels");
        if (count[0] != shape[0]) {
            throw new InputException(
                    "%s: expected %d labels, one for each image of %s, found %d"
                            .formatted(labels.name(), shape[0], images.name(), count[0]));
        }
        return new ImageSet(
                1, shape[1], shape[2], pixels, toLabels(bytes, firstLabel, classes, labels));
    }

    private static int[] readShape(ContentReader in, int magic, List<String> fields) {
        String file = fields.size() == 1 ? "an IDX file of labels" : "an IDX file of images";
        int found = in.readInt(file);
        if (found != magic) {
            throw new InputException(
                    "%s: not %s: magic number at byte 0: expected 0x%08x, found 0x%08x"
                            .formatted(in.name(), file, magic, found));
        }
        int[] shape = new int[fields.size()];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = in.readInt("number of " + fields.get(i));
            if (shape[i] <= 0) {
                throw new InputException(
                        "%s: number of %s at byte %d: expected 1 to %d, found %d"
                                .formatted(
                                        in.name(),
                                        fields.get(i),
                                        4 + 4 * i,
                                        Integer.MAX_VALUE,
                                        Integer.toUnsignedLong(shape[i])));
            }
        }
        return shape;
    }

    private static byte[] readContent(ContentReader in, int[] shape, String pattern) {
        String what = pattern.formatted(Arrays.stream(shape).boxed().toArray());
        long size = 1;
        for (int extent : shape) {
            // Stays below 2⁶²: an earlier product that is too large ends the loop.
            size *= extent;
            if (size > ImageSet.MAX_BYTES) {
                throw new InputException(
                        "%s: header promises %s: expected at most %d bytes"
                                .formatted(in.name(), what, ImageSet.MAX_BYTES));
            }
        }
        long end = headerBytes(shape.length) + size;
        if (in.length() >= 0 && in.length() != end) {
            throw new InputException(
                    "%s: %s: expected %d bytes (%s), found %d"
                            .formatted(
                                    in.name(),
                                    in.length() < end
                                            ? "ends too early"
                                            : "has bytes after its end",
                                    end,
                                    what,
                                    in.length()));
        }
        byte[] bytes = in.readBytes((int) size, what);
        in.expectEnd();
        return bytes;
    }

    private static int headerBytes(int dimensions) {
        return 4 + 4 * dimensions;
    }

    /** Bytes as labels from 0 on, checked to be of a class. */
    private static int[] toLabels(byte[] bytes, int firstLabel, int classes, ContentReader in) {
        int[] labels = new int[bytes.length];
        for (int i = 0; i < labels.length; i++) {
            int label = bytes[i] & 0xff;
            if (label < firstLabel || label >= firstLabel + classes) {
                throw new InputException(
                        "%s: label %d at byte %d: expected %d to %d, found %d"
                                .formatted(
                                        in.name(),
                                        i,
                                        headerBytes(1) + i,
                                        firstLabel,
                                        firstLabel + classes - 1,
                                        label));
            }
            labels[i] = label - firstLabel;
        }
        return labels;
    }
}
