package org.centerloss.data;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.centerloss.InputException;

/**
 * The images of a folder in one shape: the one that the options give (see {@link Picture} for how),
 * or their own where all have the same. All are decoded at once, in parallel.
 */
final class DecodedImages {
    private final Path root;
    private final List<ImageFile> files;
    private final DatasetOptions options;
    private final Shape shape;

    /** Per file its place in the set of its part. */
    private final int[] slots;

    private final Map<Part, ImageSet> sets = new EnumMap<>(Part.class);

    private DecodedImages(Path root, List<ImageFile> files, DatasetOptions options) {
        this.root = root;
        this.files = files;
        this.options = options;
        shape = shape();
        requireBytes();
        slots = new int[files.size()];
        Map<Part, Integer> counts = new EnumMap<>(Part.class);
        for (int i = 0; i < slots.length; i++) {
            slots[i] = counts.merge(files.get(i).part(), 1, Integer::sum) - 1;
        }
        counts.forEach((part, count) -> sets.put(part, allocate(count)));
    }

    /**
     * Decodes a folder's images.
     *
     * @throws InputException naming the first in their order that cannot be decoded or has another
     *     shape, or where they are too many to hold
     */
    static DecodedImages of(Path root, List<ImageFile> files, DatasetOptions options) {
        DecodedImages images = new DecodedImages(root, files, options);
        images.decode();
        return images;
    }

    boolean has(Part part) {
        return sets.containsKey(part);
    }

    /** The images of a part, in the order of the files. */
    ImageSet set(Part part) {
        return sets.get(part);
    }

    private void decode() {
        AtomicInteger done = new AtomicInteger();
        ConcurrentSkipListMap<Integer, InputException> failures = new ConcurrentSkipListMap<>();
        IntStream.range(0, files.size())
                .parallel()
                .forEach(
                        i -> {
                            // The first file in order that fails is the one reported, always.
                            if (!failures.isEmpty() && failures.firstKey() < i) {
                                return;
                            }
                            try {
                                decode(i);
                                report(done);
                            } catch (InputException e) {
                                failures.put(i, e);
                            }
                        });
        if (!failures.isEmpty()) {
            throw failures.firstEntry().getValue();
        }
    }

    private void report(AtomicInteger done) {
        synchronized (done) {
            options.progress().advance(done.incrementAndGet(), files.size());
        }
    }

    private void decode(int index) {
        ImageFile file = files.get(index);
        ImageSet set = sets.get(file.part());
        byte[] planes =
                inShape(
                                file.path(),
                                ImageDecoder.decode(file.path(), options.images().background()))
                        .planes();
        set.labels()[slots[index]] = file.label();
        System.arraycopy(planes, 0, set.pixels(), slots[index] * planes.length, planes.length);
    }

    private record Shape(int channels, int height, int width) {
        String kind() {
            return channels == 1 ? "grayscale" : "RGB";
        }
    }

    /** The shape that all images get: the options' own, else the first image's. */
    private Shape shape() {
        ImageOptions images = options.images();
        if (images.resizes() && images.channels() != 0) {
            return new Shape(images.channels(), images.height(), images.width());
        }
        Picture first = ImageDecoder.decode(files.get(0).path(), images.background());
        return new Shape(
                images.channels() != 0 ? images.channels() : first.channels(),
                images.resizes() ? images.height() : first.height(),
                images.resizes() ? images.width() : first.width());
    }

    private Picture inShape(Path file, Picture picture) {
        ImageOptions images = options.images();
        Shape found = new Shape(picture.channels(), picture.height(), picture.width());
        if (!images.resizes() && (found.height != shape.height || found.width != shape.width)) {
            throw new InputException(
                    "images of mixed sizes: %s has %d × %d pixels, %s has %d × %d; give --image-size to resize them"
                            .formatted(
                                    files.get(0).path(),
                                    shape.height,
                                    shape.width,
                                    file,
                                    found.height,
                                    found.width));
        }
        if (images.channels() == 0 && found.channels != shape.channels) {
            throw new InputException(
                    "images of mixed kinds: %s is %s, %s is %s; give --channels 1 for grayscale or --channels 3 for RGB"
                            .formatted(files.get(0).path(), shape.kind(), file, found.kind()));
        }
        return picture.withChannels(shape.channels)
                .resized(shape.height, shape.width, images.resize(), images.background());
    }

    private void requireBytes() {
        long bytes = (long) shape.channels * shape.height * shape.width * files.size();
        if (bytes > ImageSet.MAX_BYTES) {
            throw new InputException(
                    "%s: %d images of %d × %d × %d need %d bytes: expected at most %d (2 GiB); give a smaller --image-size, --channels 1, or fewer images"
                            .formatted(
                                    root,
                                    files.size(),
                                    shape.channels,
                                    shape.height,
                                    shape.width,
                                    bytes,
                                    ImageSet.MAX_BYTES));
        }
    }

    private ImageSet allocate(int count) {
        int bytes = shape.channels * shape.height * shape.width * count;
        try {
            return new ImageSet(
                    shape.channels, shape.height, shape.width, new byte[bytes], new int[count]);
        } catch (OutOfMemoryError e) {
            throw new InputException(
                    "%s: %d bytes for its images do not fit in Java's memory: give a smaller --image-size, --channels 1, or more memory (java -Xmx)"
                            .formatted(root, bytes),
                    e);
        }
    }
}
