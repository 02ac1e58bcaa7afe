package org.centerloss.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.centerloss.InputException;
import org.centerloss.device.Augmentation;

/**
 * The user's own images: a folder with one sub-folder per class, or with {@code train/} and {@code
 * test/} that each have the same such sub-folders. Without these two, a part of each class is kept
 * for the test, chosen by the seed. A label is a class's place among the sorted folder names.
 *
 * <p>Images become one shape: the one that the options give (see {@link Picture} for how), or their
 * own where all have the same. All are decoded at once, in parallel.
 */
final class ImageFolder {
    private final Path root;
    private final DatasetOptions options;

    private ImageFolder(Path root, DatasetOptions options) {
        this.root = root;
        this.options = options;
    }

    /**
     * Reads a folder of images.
     *
     * @throws InputException where the folder or an image is not as described, or they are too many
     *     to hold
     */
    static Dataset read(Path root, DatasetOptions options) {
        if (!Files.exists(root)) {
            throw new InputException(root + ": no such folder of images");
        }
        return new ImageFolder(root, options).read();
    }

    private Dataset read() {
        Path trainFolder = root.resolve("train");
        Path testFolder = root.resolve("test");
        boolean hasTrain = isHalf(trainFolder);
        boolean hasTest = isHalf(testFolder);
        if (hasTrain != hasTest) {
            throw new InputException(
                    "%s: found %s/ with folders inside: expected %s/ beside it"
                            .formatted(
                                    root,
                                    hasTrain ? "train" : "test",
                                    hasTrain ? "test" : "train"));
        }
        ImageFiles files;
        boolean[] isTest;
        if (hasTrain) {
            noticeOthers();
            ImageFiles train = ImageFiles.list(trainFolder, options.notices());
            ImageFiles test = ImageFiles.list(testFolder, options.notices());
            requireSameClasses(train, test);
            files = joined(train, test);
            isTest = new boolean[files.files().size()];
            Arrays.fill(isTest, train.files().size(), isTest.length, true);
        } else {
            files = ImageFiles.list(root, options.notices());
            ImageOptions images = options.images();
            isTest =
                    Stratified.split(
                            images.seed(), files.labels(), files.classes(), images.testFraction());
        }
        return decode(files, isTest);
    }

    /** Whether this is {@code train/} or {@code test/} with classes inside, not a class itself. */
    private static boolean isHalf(Path folder) {
        return Files.isDirectory(folder)
                && !ImageFiles.hasImages(folder)
                && !ImageFiles.folders(folder).isEmpty();
    }

    private void noticeOthers() {
        List<String> others =
                ImageFiles.folders(root).stream()
                        .map(path -> path.getFileName().toString())
                        .filter(name -> !name.equals("train") && !name.equals("test"))
                        .toList();
        if (!others.isEmpty()) {
            options.notices()
                    .accept(
                            "%s: only train/ and test/ are used, not %s"
                                    .formatted(root, String.join(", ", others)));
        }
    }

    private void requireSameClasses(ImageFiles train, ImageFiles test) {
        requireAll(train.classes(), "train", test.classes(), "test");
        requireAll(test.classes(), "test", train.classes(), "train");
    }

    private void requireAll(
            List<String> classes, String where, List<String> others, String otherwise) {
        TreeSet<String> missing = new TreeSet<>(classes);
        missing.removeAll(others);
        if (!missing.isEmpty()) {
            throw new InputException(
                    "%s: class %s is in %s/ but not in %s/: expected the same classes in both"
                            .formatted(root, missing.first(), where, otherwise));
        }
    }

    private static ImageFiles joined(ImageFiles train, ImageFiles test) {
        List<Path> files = new ArrayList<>(train.files());
        files.addAll(test.files());
        int[] labels =
                IntStream.concat(IntStream.of(train.labels()), IntStream.of(test.labels()))
                        .toArray();
        return new ImageFiles(train.classes(), files, labels);
    }

    private Dataset decode(ImageFiles files, boolean[] isTest) {
        Shape shape = shape(files);
        int count = isTest.length;
        int[] slots = new int[count];
        int tests = 0;
        for (int i = 0; i < count; i++) {
            slots[i] = isTest[i] ? tests++ : i - tests;
        }
        checkBytes(shape, count);
        ImageSet train = allocate(shape, count - tests);
        ImageSet test = allocate(shape, tests);
        AtomicInteger done = new AtomicInteger();
        ConcurrentSkipListMap<Integer, InputException> failures = new ConcurrentSkipListMap<>();
        IntStream.range(0, count)
                .parallel()
                .forEach(
                        i -> {
                            // The first file in order that fails is the one reported, always.
                            if (!failures.isEmpty() && failures.firstKey() < i) {
                                return;
                            }
                            try {
                                ImageSet set = isTest[i] ? test : train;
                                set.labels()[slots[i]] = files.labels()[i];
                                byte[] planes = decode(files, i, shape).planes();
                                System.arraycopy(
                                        planes,
                                        0,
                                        set.pixels(),
                                        slots[i] * planes.length,
                                        planes.length);
                                report(done, count);
                            } catch (InputException e) {
                                failures.put(i, e);
                            }
                        });
        if (!failures.isEmpty()) {
            throw failures.firstEntry().getValue();
        }
        Path name = root.toAbsolutePath().normalize().getFileName();
        return new Dataset(
                name == null ? "images" : name.toString(),
                root.toString(),
                files.classes(),
                Augmentation.NONE,
                train,
                test);
    }

    private void report(AtomicInteger done, int count) {
        synchronized (done) {
            options.progress().advance(done.incrementAndGet(), count);
        }
    }

    private record Shape(int channels, int height, int width) {}

    /** The shape that all images get: the options' own, else the first image's. */
    private Shape shape(ImageFiles files) {
        ImageOptions images = options.images();
        if (images.resizes() && images.channels() != 0) {
            return new Shape(images.channels(), images.height(), images.width());
        }
        Picture first = ImageDecoder.decode(files.files().get(0), images.background());
        return new Shape(
                images.channels() != 0 ? images.channels() : first.channels(),
                images.resizes() ? images.height() : first.height(),
                images.resizes() ? images.width() : first.width());
    }

    private Picture decode(ImageFiles files, int index, Shape shape) {
        ImageOptions images = options.images();
        Path file = files.files().get(index);
        Picture picture = ImageDecoder.decode(file, images.background());
        if (!images.resizes()
                && (picture.height() != shape.height || picture.width() != shape.width)) {
            throw new InputException(
                    "images of mixed sizes: %s has %d × %d pixels, %s has %d × %d; give --image-size to resize them"
                            .formatted(
                                    files.files().get(0),
                                    shape.height,
                                    shape.width,
                                    file,
                                    picture.height(),
                                    picture.width()));
        }
        if (images.channels() == 0 && picture.channels() != shape.channels) {
            throw new InputException(
                    "images of mixed kinds: %s is %s, %s is %s; give --channels 1 for grayscale or --channels 3 for RGB"
                            .formatted(
                                    files.files().get(0),
                                    kind(shape.channels),
                                    file,
                                    kind(picture.channels())));
        }
        return picture.withChannels(shape.channels).resized(shape.height, shape.width);
    }

    private static String kind(int channels) {
        return channels == 1 ? "grayscale" : "RGB";
    }

    private void checkBytes(Shape shape, int count) {
        long bytes = (long) shape.channels * shape.height * shape.width * count;
        if (bytes > ImageSet.MAX_BYTES) {
            throw new InputException(
                    "%s: %d images of %d × %d × %d need %d bytes: expected at most %d (2 GiB); give a smaller --image-size, --channels 1, or fewer images"
                            .formatted(
                                    root,
                                    count,
                                    shape.channels,
                                    shape.height,
                                    shape.width,
                                    bytes,
                                    ImageSet.MAX_BYTES));
        }
    }

    private ImageSet allocate(Shape shape, int count) {
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
