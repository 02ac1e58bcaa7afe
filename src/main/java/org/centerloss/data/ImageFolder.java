package org.centerloss.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.centerloss.InputException;
import org.centerloss.device.Augmentation;

/**
 * The user's own images: a folder with one folder per class and images in it at any depth, or with
 * {@code train/}, {@code test/} and perhaps {@code val/} that each have such folders. Without
 * {@code train/} and {@code test/} a part of each class is kept for the test (see {@link
 * NameSplit}), and without {@code val/} a part of the training images for validation where that is
 * asked for. A label is a class's place among the sorted names.
 */
final class ImageFolder {
    private ImageFolder() {}

    /**
     * Reads a folder of images.
     *
     * @throws InputException where the folder or an image is not as described, or they are too many
     *     to hold
     */
    static Dataset read(Path root, DatasetOptions options) {
        FolderListing listing = FolderListing.of(root, options.notices());
        listing.noticeOthers(root, options.notices());
        listing.requireTrainable(root);
        List<ImageFile> files = split(root, listing, options.images());
        DecodedImages images = DecodedImages.of(root, files, options);
        Path name = root.toAbsolutePath().normalize().getFileName();
        return new Dataset(
                name == null ? "images" : name.toString(),
                root.toString(),
                listing.classes(),
                Augmentation.NONE,
                images.set(Part.TRAIN),
                images.has(Part.VALIDATION) ? images.set(Part.VALIDATION) : null,
                images.set(Part.TEST));
    }

    /** Gives each image its part, where the folder does not. */
    private static List<ImageFile> split(Path root, FolderListing listing, ImageOptions options) {
        List<ImageFile> files = listing.files();
        List<String> classes = listing.classes();
        if (listing.parts().isEmpty()) {
            files =
                    options.split() == ImageOptions.Split.BY_NAME
                            ? NameSplit.keepTest(
                                    files, classes, options.seed(), options.testFraction())
                            : splitByPosition(files, classes.size(), options);
        }
        if (options.validationFraction() == 0) {
            return files;
        }
        if (listing.parts().containsKey(Part.VALIDATION)) {
            throw new InputException(
                    "--validation-fraction: expected a folder without validation images, found %s"
                            .formatted(root.resolve(listing.parts().get(Part.VALIDATION))));
        }
        return NameSplit.keepValidation(files, options.seed(), options.validationFraction());
    }

    private static List<ImageFile> splitByPosition(
            List<ImageFile> files, int classes, ImageOptions options) {
        int[] labels = files.stream().mapToInt(ImageFile::label).toArray();
        boolean[] test = Stratified.split(options.seed(), labels, classes, options.testFraction());
        List<ImageFile> split = new ArrayList<>(files);
        for (int i = 0; i < test.length; i++) {
            split.set(i, files.get(i).in(test[i] ? Part.TEST : Part.TRAIN));
        }
        return split;
    }
}
