package org.centerloss.data.folder;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.centerloss.base.InputException;
import org.centerloss.data.Part;
import org.centerloss.data.image.ContentReader;
import org.centerloss.data.image.ImageFile;

/**
 * Keeps a part of the training images back, by their names. A file's draw is a number from 0 to 1
 * that follows from the seed and its name alone: SHA-256 of the seed's 8 bytes, the high one first,
 * and the name in UTF-8; its first 8 bytes for the test, the next 8 for validation, of which 53
 * bits are used. A file whose draw lies below the fraction is kept back. So no file changes its
 * part where others are added or removed, and each class keeps its share as far as chance allows.
 *
 * <p>There is one exception: each class has at least one image on either side. Where all draws lie
 * above the fraction the lowest is kept back; where all lie below, the highest stays.
 */
public final class NameSplit {
    private static final int TEST_OFFSET = 0;
    private static final int VALIDATION_OFFSET = Long.BYTES;

    private NameSplit() {}

    /**
     * Makes some of the training images test images.
     *
     * @param fraction share of the training images, between 0 and 1
     * @throws InputException where a class has fewer than two of them, or the fraction is no such
     */
    static List<ImageFile> keepTest(List<ImageFile> files, long seed, double fraction) {
        if (!(fraction > 0 && fraction < 1)) {
            throw new InputException(
                    "--test-fraction: expected a number between 0 and 1, found " + fraction);
        }
        byClass(files)
                .forEach(
                        (category, places) -> {
                            if (places.size() < 2) {
                                throw new InputException(
                                        "class %s: expected at least 2 images to split into training and test, found %d; add images, or give folders train/ and test/"
                                                .formatted(category, places.size()));
                            }
                        });
        return keep(files, Part.TEST, TEST_OFFSET, seed, fraction);
    }

    /**
     * Makes some of the training images validation images; a class that has but one keeps it.
     *
     * @param fraction share of the training images, between 0 and 1
     */
    static List<ImageFile> keepValidation(List<ImageFile> files, long seed, double fraction) {
        return keep(files, Part.VALIDATION, VALIDATION_OFFSET, seed, fraction);
    }

    /** The part that a file would have by its draws alone. */
    static Part part(String name, long seed, double testFraction, double validationFraction) {
        if (draw(seed, name, TEST_OFFSET) < testFraction) {
            return Part.TEST;
        }
        return draw(seed, name, VALIDATION_OFFSET) < validationFraction
                ? Part.VALIDATION
                : Part.TRAIN;
    }

    /** The places, in a list, of the training images of each class. */
    private static Map<String, List<Integer>> byClass(List<ImageFile> files) {
        return IntStream.range(0, files.size())
                .filter(i -> files.get(i).part() == Part.TRAIN)
                .boxed()
                .collect(
                        Collectors.groupingBy(
                                i -> files.get(i).category(), TreeMap::new, Collectors.toList()));
    }

    private static List<ImageFile> keep(
            List<ImageFile> files, Part part, int offset, long seed, double fraction) {
        List<ImageFile> result = new ArrayList<>(files);
        double[] draws = new double[files.size()];
        for (List<Integer> places : byClass(files).values()) {
            for (int place : places) {
                draws[place] = draw(seed, files.get(place).name(), offset);
            }
            List<Integer> ascending = new ArrayList<>(places);
            ascending.sort(Comparator.comparingDouble(place -> draws[place]));
            long below = places.stream().filter(place -> draws[place] < fraction).count();
            long kept = Math.min(Math.max(1, below), places.size() - 1);
            for (int place : ascending.subList(0, (int) kept)) {
                result.set(place, files.get(place).in(part));
            }
        }
        return result;
    }

    /** In [0, 1), from 8 bytes of the digest. */
    static double draw(long seed, String name, int offset) {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        byte[] digest =
                ContentReader.newDigest()
                        .digest(
                                ByteBuffer.allocate(Long.BYTES + text.length)
                                        .putLong(seed)
                                        .put(text)
                                        .array());
        return (ByteBuffer.wrap(digest).getLong(offset) >>> 11) * 0x1p-53;
    }
}
