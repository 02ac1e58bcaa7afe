package org.centerloss.data.folder;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.centerloss.base.InputException;
import org.centerloss.base.JavaMemory;
import org.centerloss.data.ImageSet;
import org.centerloss.data.fetch.Progress;
import org.centerloss.data.image.DecodingMemory;
import org.centerloss.data.image.ImageDecoder;
import org.centerloss.data.image.ImageOptions;
import org.centerloss.data.image.Picture;

/**
 * Image files of which no class is known, in the shape that a model takes: converted and resized as
 * a folder of training images is (see {@link Picture}).
 *
 * @param files in the order in which they were given
 * @param images one per file, with the label 0; black where the file was refused
 * @param refusals per file why it could not be decoded, null where it could
 * @param resized files that had another height or width
 * @param converted files that had another number of channels
 */
public record UnlabelledImages(
        List<Path> files,
        ImageSet images,
        List<InputException> refusals,
        int resized,
        int converted) {

    /**
     * Lists what was named: files as they are, and of a folder all image files in it and in the
     * folders below it, by name; what is passed over on the way is told, see {@link ImageWalk}.
     *
     * @throws InputException where a folder has no images or cannot be read
     */
    public static List<Path> list(List<Path> paths, Consumer<String> notices) {
        List<Path> files = new ArrayList<>();
        for (Path path : paths) {
            if (Files.isDirectory(path)) {
                files.addAll(imagesBelow(path, notices));
            } else {
                files.add(path);
            }
        }
        return files;
    }

    private static List<Path> imagesBelow(Path folder, Consumer<String> notices) {
        PassedOver passedOver = new PassedOver();
        List<Path> images =
                ImageWalk.below(folder, passedOver).stream().map(ImageWalk.Found::path).toList();
        if (images.isEmpty()) {
            throw new InputException(
                    "%s: expected images (%s), found none"
                            .formatted(folder, String.join(", ", ImageDecoder.ENDINGS)));
        }
        passedOver.tell(folder, notices);
        return images;
    }

    /**
     * Decodes files, in parallel. One that cannot be decoded is refused and does not stop the
     * others.
     *
     * @param options how, with the size and the channels that all get
     * @throws InputException where they are too many to hold
     */
    public static UnlabelledImages decode(
            List<Path> files, ImageOptions options, Progress progress) {
        int channels = options.channels();
        int height = options.height();
        int width = options.width();
        int count = files.size();
        int size = channels * height * width;
        ImageSet images = allocate(channels, height, width, count);
        InputException[] refusals = new InputException[count];
        AtomicInteger done = new AtomicInteger();
        AtomicInteger resized = new AtomicInteger();
        AtomicInteger converted = new AtomicInteger();
        IntStream.range(0, count)
                .parallel()
                .forEach(
                        i -> {
                            Path file = files.get(i);
                            try {
                                Shaped shaped =
                                        DecodingMemory.within(file, () -> Shaped.of(file, options));
                                if (shaped.resized) {
                                    resized.incrementAndGet();
                                }
                                if (shaped.converted) {
                                    converted.incrementAndGet();
                                }
                                System.arraycopy(shaped.planes, 0, images.pixels(), i * size, size);
                            } catch (InputException e) {
                                refusals[i] = e;
                            }
                            synchronized (done) {
                                progress.advance(done.incrementAndGet(), count);
                            }
                        });
        return new UnlabelledImages(
                files, images, Arrays.asList(refusals), resized.get(), converted.get());
    }

    /**
     * An image in the shape that is asked for.
     *
     * @param resized whether it had another height or width
     * @param converted whether it had another number of channels
     */
    private record Shaped(byte[] planes, boolean resized, boolean converted) {
        static Shaped of(Path file, ImageOptions options) {
            Picture picture = ImageDecoder.decode(file, options.background());
            byte[] planes =
                    picture.withChannels(options.channels())
                            .resized(
                                    options.height(),
                                    options.width(),
                                    options.resize(),
                                    options.background())
                            .planes();
            return new Shaped(
                    planes,
                    picture.height() != options.height() || picture.width() != options.width(),
                    picture.channels() != options.channels());
        }
    }

    /** Without the files that were refused. */
    public UnlabelledImages readable() {
        List<Path> kept =
                IntStream.range(0, files.size())
                        .filter(i -> refusals.get(i) == null)
                        .mapToObj(files::get)
                        .toList();
        return new UnlabelledImages(
                kept,
                images.at(i -> refusals.get(i) == null),
                Collections.nCopies(kept.size(), null),
                resized,
                converted);
    }

    /**
     * The class in whose folder a file lies: of the folders from its own up to the one that was
     * named, the innermost that is called like a class.
     *
     * @param named the files and folders that {@link #list} was given
     * @return its index, −1 where there is none
     */
    public static int label(Path file, List<Path> named, List<String> classes) {
        Path top =
                named.stream()
                        .filter(path -> !path.equals(file) && file.startsWith(path))
                        .findFirst()
                        .orElse(file.resolveSibling(""))
                        .toAbsolutePath()
                        .normalize();
        Path folder = file.toAbsolutePath().normalize().getParent();
        while (folder != null && folder.startsWith(top) && folder.getFileName() != null) {
            int label = classes.indexOf(FileNames.of(folder));
            if (label >= 0) {
                return label;
            }
            folder = folder.getParent();
        }
        return -1;
    }

    private static ImageSet allocate(int channels, int height, int width, int count) {
        long bytes = (long) channels * height * width * count;
        try {
            if (bytes <= ImageSet.MAX_BYTES) {
                return new ImageSet(channels, height, width, new byte[(int) bytes], new int[count]);
            }
        } catch (OutOfMemoryError e) {
            throw new InputException(
                    "%d images: %d MB for them do not fit: name fewer at a time: %s"
                            .formatted(count, bytes >> 20, JavaMemory.remedy()),
                    e);
        }
        throw new InputException(
                "%d images: expected at most %d bytes (2 GiB) for them, found %d: name fewer at a time"
                        .formatted(count, ImageSet.MAX_BYTES, bytes));
    }
}
