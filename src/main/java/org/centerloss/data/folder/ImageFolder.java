package org.centerloss.data.folder;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.centerloss.base.InputException;
import org.centerloss.data.Dataset;
import org.centerloss.data.DatasetOptions;
import org.centerloss.data.Part;
import org.centerloss.data.Stratified;
import org.centerloss.data.image.DecodedImages;
import org.centerloss.data.image.ImageFile;
import org.centerloss.data.image.ImageOptions;
import org.centerloss.data.known.KnownFiles;
import org.centerloss.device.op.Augmentation;

/**
 * The user's own images: a folder with one folder per class and images in it at any depth, or with
 * {@code train/}, {@code test/} and perhaps {@code val/} that each have such folders. Without
 * {@code train/} and {@code test/} a part of each class is kept for the test (see {@link
 * NameSplit}), and without {@code val/} a part of the training images for validation where that is
 * asked for. A label is a class's place among the sorted names.
 *
 * <p>Images that cannot be read are left out where the options say so, and so are copies (see
 * {@link Copies}). A run that goes on, and its own folder when it is measured, keep the parts that
 * the run began with.
 */
public final class ImageFolder {
    private final Path root;
    private final DatasetOptions options;
    private final ImageOptions images;
    private final FolderUse use;
    private final FolderListing listing;

    private ImageFolder(Path root, DatasetOptions options) {
        this.root = root;
        this.options = options;
        images = options.images();
        use = options.use();
        listing = FolderListing.of(root, options.notices());
    }

    /**
     * Reads a folder of images.
     *
     * @throws InputException where the folder or an image is not as described, or they are too many
     *     to hold
     */
    public static Dataset read(Path root, DatasetOptions options) {
        ImageFolder folder = new ImageFolder(root, options);
        return switch (options.use().purpose()) {
            case BEGIN -> folder.begin();
            case GO_ON -> options.use().known().isEmpty() ? folder.begin() : folder.goOn();
            case MEASURE_OWN ->
                    options.use().known().isEmpty() ? folder.begin() : folder.measureOwn();
            case MEASURE_OTHER -> folder.measureOther();
        };
    }

    private Dataset begin() {
        listing.noticeOthers(root, options.notices());
        listing.requireTrainable(root);
        DecodedImages decoded = DecodedImages.of(root, split(listing.files()), options);
        List<DataFile> found = decoded.found();
        int[] readable = readable(found);
        List<ImageFile> split =
                split(IntStream.of(readable).mapToObj(listing.files()::get).toList());
        Part[] parts = new Part[found.size()];
        for (int i = 0; i < readable.length; i++) {
            parts[readable[i]] = split.get(i).part();
        }
        Copies copies = new Copies();
        copies.see(found, parts, Part.TRAIN);
        copies.leaveOut(found, parts, Part.VALIDATION);
        copies.see(found, parts, Part.VALIDATION);
        copies.leaveOut(found, parts, Part.TEST);
        copies.tell(root, "copies of images of another part are left out", options.notices());
        requireImages(found, parts);
        return dataset(decoded, parts, listing.classes(), in(parts, found));
    }

    private static int[] readable(List<DataFile> found) {
        return IntStream.range(0, found.size()).filter(i -> found.get(i).part() != null).toArray();
    }

    private void requireImages(List<DataFile> found, Part[] parts) {
        Set<String> trained = new HashSet<>();
        for (int i = 0; i < parts.length; i++) {
            if (parts[i] == Part.TRAIN) {
                trained.add(found.get(i).category());
            }
        }
        for (String category : listing.classes()) {
            requireImage(trained.contains(category), "training images of class " + category);
        }
        requireImage(Arrays.asList(parts).contains(Part.TEST), "test images");
    }

    private void requireImage(boolean there, String what) {
        if (!there) {
            throw new InputException(
                    "%s: expected %s, found none that can be read and is no copy"
                            .formatted(root, what));
        }
    }

    /** Gives each image its part, where the folder does not. */
    private List<ImageFile> split(List<ImageFile> files) {
        if (listing.parts().isEmpty()) {
            files =
                    images.split() == ImageOptions.Split.BY_NAME
                            ? NameSplit.keepTest(files, images.seed(), images.testFraction())
                            : splitByPosition(files);
        }
        if (images.validationFraction() == 0) {
            return files;
        }
        if (listing.parts().containsKey(Part.VALIDATION)) {
            throw new InputException(
                    "--validation-fraction: expected a folder without validation images, found %s"
                            .formatted(root.resolve(listing.parts().get(Part.VALIDATION))));
        }
        return NameSplit.keepValidation(files, images.seed(), images.validationFraction());
    }

    private List<ImageFile> splitByPosition(List<ImageFile> files) {
        List<String> classes = listing.classes();
        int[] labels = files.stream().mapToInt(f -> classes.indexOf(f.category())).toArray();
        boolean[] test =
                Stratified.split(images.seed(), labels, classes.size(), images.testFraction());
        List<ImageFile> split = new ArrayList<>(files);
        for (int i = 0; i < test.length; i++) {
            split.set(i, files.get(i).in(test[i] ? Part.TEST : Part.TRAIN));
        }
        return split;
    }

    private Dataset goOn() {
        KnownFiles known = new KnownFiles(use.known(), listing);
        known.requireUnchanged(root);
        DecodedImages decoded = DecodedImages.of(root, known.present(), options);
        known.compare(decoded.found());
        known.requireUnchanged(root);
        String added = known.text(known.added());
        if (!added.isEmpty()) {
            options.notices().accept("%s: since the run began %s: left out".formatted(root, added));
        }
        return dataset(decoded, parts(decoded), knownClasses(), use.known());
    }

    private List<String> knownClasses() {
        return use.known().stream().map(DataFile::category).distinct().sorted().toList();
    }

    private static Part[] parts(DecodedImages decoded) {
        return decoded.found().stream().map(DataFile::part).toArray(Part[]::new);
    }

    private Dataset measureOwn() {
        KnownFiles known = new KnownFiles(use.known(), listing);
        List<ImageFile> files = new ArrayList<>();
        known.present().stream().filter(file -> use.wants(file.part())).forEach(files::add);
        List<ImageFile> added = known.added().stream().map(this::placed).toList();
        // What is new was not trained on, whatever its place is.
        added.stream()
                .filter(file -> file.part() != Part.TRAIN && use.wants(file.part()))
                .forEach(files::add);
        DecodedImages decoded = DecodedImages.of(root, files, options);
        known.compare(decoded.found());
        String changes = known.text(added);
        if (!changes.isEmpty()) {
            options.notices().accept("%s: since the run began %s".formatted(root, changes));
        }
        TreeSet<String> classes = new TreeSet<>(knownClasses());
        added.forEach(file -> classes.add(file.category()));
        return measured(decoded, List.copyOf(classes));
    }

    /** A new file of the run's own folder, in the part that follows from its name. */
    private ImageFile placed(ImageFile file) {
        return listing.parts().isEmpty()
                ? file.in(
                        NameSplit.part(
                                file.name(),
                                images.seed(),
                                images.testFraction(),
                                images.validationFraction()))
                : file;
    }

    private Dataset measureOther() {
        listing.noticeOthers(root, options.notices());
        List<ImageFile> files = listing.files();
        if (listing.parts().isEmpty()) {
            Part whole = use.wanted();
            files = files.stream().map(file -> file.in(whole)).toList();
        }
        files = files.stream().filter(file -> use.wants(file.part())).toList();
        if (files.isEmpty()) {
            throw new InputException(
                    "%s: expected %s images, found none".formatted(root, use.wanted().adjective()));
        }
        return measured(DecodedImages.of(root, files, options), listing.classes());
    }

    /** Without what the run has trained on, or chosen by, of what is not to be such. */
    private Dataset measured(DecodedImages decoded, List<String> classes) {
        Part[] parts = parts(decoded);
        Copies copies = new Copies();
        for (Part part : List.of(Part.TRAIN, Part.VALIDATION)) {
            copies.leaveOut(decoded.found(), parts, part);
            use.known().stream()
                    .filter(file -> file.part() == part)
                    .filter(file -> !use.heldOutClasses().contains(file.category()))
                    .forEach(copies::see);
        }
        copies.leaveOut(decoded.found(), parts, Part.TEST);
        copies.tell(
                root,
                "images are left out, as the run has trained on them or chosen by them",
                options.notices());
        return dataset(decoded, parts, classes, List.of());
    }

    private static List<DataFile> in(Part[] parts, List<DataFile> found) {
        return IntStream.range(0, parts.length).mapToObj(i -> found.get(i).in(parts[i])).toList();
    }

    private Dataset dataset(
            DecodedImages decoded, Part[] parts, List<String> classes, List<DataFile> files) {
        Path name = root.toAbsolutePath().normalize().getFileName();
        return new Dataset(
                name == null ? "images" : name.toString(),
                root.toString(),
                classes,
                Augmentation.NONE,
                decoded.set(Part.TRAIN, parts, classes),
                decoded.set(Part.VALIDATION, parts, classes),
                decoded.set(Part.TEST, parts, classes),
                files);
    }
}
