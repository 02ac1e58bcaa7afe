package org.centerloss.data.image;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.centerloss.base.InputException;
import org.centerloss.base.JavaMemory;
import org.centerloss.data.DatasetOptions;
import org.centerloss.data.ImageSet;
import org.centerloss.data.Part;
import org.centerloss.data.folder.DataFile;
import org.centerloss.data.folder.FolderUse;

/**
 * The images of a folder in one shape: the one that the options give (see {@link Picture} for how),
 * or their own where all have the same. Each file is read once, to be decoded and hashed, all in
 * parallel.
 */
public final class DecodedImages {
    private static final int MOST_NAMED = 20;

    private final Path root;
    private final List<ImageFile> files;
    private final DatasetOptions options;

    /** What the options and the first image that can be read ask for; null where none can. */
    private final Shape shape;

    /** The place of the first image that can be read, whose shape the others are compared with. */
    private int first;

    /** Per file its place in the set of its part. */
    private final int[] slots;

    private final Map<Part, ImageSet> sets = new EnumMap<>(Part.class);

    /** Per file what was found; its part is null where it could not be decoded. */
    private final DataFile[] found;

    private final InputException[] refusals;

    private DecodedImages(Path root, List<ImageFile> files, DatasetOptions options) {
        this.root = root;
        this.files = files;
        this.options = options;
        found = new DataFile[files.size()];
        refusals = new InputException[files.size()];
        slots = new int[files.size()];
        Map<Part, Integer> counts = new EnumMap<>(Part.class);
        for (int i = 0; i < slots.length; i++) {
            slots[i] = counts.merge(files.get(i).part(), 1, Integer::sum) - 1;
        }
        shape = shape();
        if (shape != null) {
            requireBytes();
            counts.forEach((part, count) -> sets.put(part, allocate(count)));
            decode();
        }
        refuseBroken();
    }

    /**
     * Decodes a folder's images.
     *
     * @throws InputException where one cannot be decoded and the options do not leave such out,
     *     where one has another shape, or where they are too many to hold
     */
    public static DecodedImages of(Path root, List<ImageFile> files, DatasetOptions options) {
        return new DecodedImages(root, files, options);
    }

    /** What was found, per file; its part is null where the image could not be decoded. */
    public List<DataFile> found() {
        return Arrays.asList(found);
    }

    /**
     * The images of a part, in the order of the files; null where there are none.
     *
     * @param parts per file the part that it has in the end, null for none
     * @param classes a label is an index into them
     */
    public ImageSet set(Part part, Part[] parts, List<String> classes) {
        int[] places = IntStream.range(0, parts.length).filter(i -> parts[i] == part).toArray();
        if (places.length == 0) {
            return null;
        }
        ImageSet own = sets.get(part);
        boolean asDecoded =
                own != null
                        && own.count() == places.length
                        && IntStream.of(places).allMatch(i -> files.get(i).part() == part);
        ImageSet set = asDecoded ? own : allocate(places.length);
        int size = shape.bytes();
        Map<String, Integer> labels = new HashMap<>();
        classes.forEach(name -> labels.put(name, labels.size()));
        for (int to = 0; to < places.length; to++) {
            ImageFile file = files.get(places[to]);
            set.labels()[to] = labels.get(file.category());
            if (!asDecoded) {
                byte[] from = sets.get(file.part()).pixels();
                System.arraycopy(from, slots[places[to]] * size, set.pixels(), to * size, size);
            }
        }
        return set;
    }

    private void decode() {
        AtomicInteger done = new AtomicInteger();
        ConcurrentSkipListMap<Integer, InputException> mismatches = new ConcurrentSkipListMap<>();
        IntStream.range(0, files.size())
                .parallel()
                .forEach(
                        i -> {
                            // The first image in order that differs is the one named, always.
                            if (!mismatches.isEmpty() && mismatches.firstKey() < i) {
                                return;
                            }
                            Picture picture = decode(i, found -> inShape(i, found, mismatches));
                            if (picture != null) {
                                put(i, picture);
                            }
                            report(done);
                        });
        if (!mismatches.isEmpty()) {
            throw mismatches.firstEntry().getValue();
        }
    }

    private void report(AtomicInteger done) {
        synchronized (done) {
            options.progress().advance(done.incrementAndGet(), files.size());
        }
    }

    /** Reads, hashes, decodes and shapes a file; null where that fails. */
    private Picture decode(int index, UnaryOperator<Picture> shape) {
        Path path = files.get(index).path();
        try {
            return DecodingMemory.within(path, () -> shape.apply(decode(index)));
        } catch (InputException e) {
            refusals[index] = e;
            return null;
        }
    }

    private Picture decode(int index) {
        ImageFile file = files.get(index);
        found[index] = new DataFile(null, file.category(), file.name(), 0, "");
        byte[] content = ImageDecoder.content(file.path());
        String sha256 = HexFormat.of().formatHex(ContentReader.newDigest().digest(content));
        found[index] = new DataFile(null, file.category(), file.name(), content.length, sha256);
        Picture picture = ImageDecoder.decode(file.path(), content, options.images().background());
        found[index] =
                new DataFile(file.part(), file.category(), file.name(), content.length, sha256);
        return picture;
    }

    private void put(int index, Picture picture) {
        byte[] planes = picture.planes();
        System.arraycopy(
                planes,
                0,
                sets.get(files.get(index).part()).pixels(),
                slots[index] * planes.length,
                planes.length);
    }

    /** Names what could not be decoded, all of it at once. */
    private void refuseBroken() {
        List<InputException> broken = Arrays.stream(refusals).filter(Objects::nonNull).toList();
        if (broken.isEmpty()) {
            return;
        }
        if (broken.size() > 1 || options.skipBroken()) {
            broken.stream()
                    .limit(MOST_NAMED)
                    .forEach(refusal -> options.notices().accept(refusal.getMessage()));
        }
        String some =
                "%s: %d of %d images cannot be read".formatted(root, broken.size(), files.size());
        if (!options.skipBroken() || shape == null) {
            String remedy =
                    options.use().purpose() == FolderUse.Purpose.GO_ON || shape == null
                            ? ""
                            : "; --skip-broken goes on without them";
            throw new InputException(
                    "%s, the first: %s%s".formatted(some, broken.get(0).getMessage(), remedy),
                    broken.get(0));
        }
        options.notices().accept(some + " and are left out");
    }

    private record Shape(int channels, int height, int width) {
        int bytes() {
            return channels * height * width;
        }

        String kind() {
            return channels == 1 ? "grayscale" : "RGB";
        }
    }

    private Shape shape() {
        ImageOptions images = options.images();
        if (images.resizes() && images.channels() != 0) {
            return new Shape(images.channels(), images.height(), images.width());
        }
        for (first = 0; first < files.size(); first++) {
            Picture picture = decode(first, UnaryOperator.identity());
            if (picture != null) {
                return new Shape(
                        images.channels() != 0 ? images.channels() : picture.channels(),
                        images.resizes() ? images.height() : picture.height(),
                        images.resizes() ? images.width() : picture.width());
            }
        }
        return null;
    }

    /** An image in the common shape; null where it does not come to it, which is kept. */
    private Picture inShape(int index, Picture picture, Map<Integer, InputException> mismatches) {
        try {
            return inShape(files.get(index).path(), picture);
        } catch (InputException e) {
            mismatches.put(index, e);
            return null;
        }
    }

    private Picture inShape(Path file, Picture picture) {
        ImageOptions images = options.images();
        Shape found = new Shape(picture.channels(), picture.height(), picture.width());
        if (!images.resizes() && (found.height != shape.height || found.width != shape.width)) {
            throw new InputException(
                    "images of mixed sizes: %s has %d × %d pixels, %s has %d × %d; give --image-size to resize them"
                            .formatted(
                                    files.get(first).path(),
                                    shape.height,
                                    shape.width,
                                    file,
                                    found.height,
                                    found.width));
        }
        if (images.channels() == 0 && found.channels != shape.channels) {
            throw new InputException(
                    "images of mixed kinds: %s is %s, %s is %s; give --channels 1 for grayscale or --channels 3 for RGB"
                            .formatted(files.get(first).path(), shape.kind(), file, found.kind()));
        }
        return picture.withChannels(shape.channels)
                .resized(shape.height, shape.width, images.resize(), images.background());
    }

    private void requireBytes() {
        long bytes = (long) shape.bytes() * files.size();
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
        int bytes = shape.bytes() * count;
        try {
            return new ImageSet(
                    shape.channels, shape.height, shape.width, new byte[bytes], new int[count]);
        } catch (OutOfMemoryError e) {
            throw new InputException(
                    "%s: %d MB for its images do not fit: give a smaller --image-size or --channels 1: %s"
                            .formatted(root, bytes >> 20, JavaMemory.remedy()),
                    e);
        }
    }
}
