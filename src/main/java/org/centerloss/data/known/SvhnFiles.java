package org.centerloss.data.known;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.centerloss.base.InputException;
import org.centerloss.data.Dataset;
import org.centerloss.data.ImageSet;
import org.centerloss.data.image.ContentReader;

/**
 * Street View House Numbers, cropped digits: two MATLAB files with the images X [rows, columns,
 * channels, images] and the labels y, of which 10 stands for the digit 0. Source: Y. Netzer et al.,
 * Reading Digits in Natural Images with Unsupervised Feature Learning, 2011.
 */
public final class SvhnFiles implements DatasetLayout {
    public static final String TRAIN = "train_32x32.mat";
    public static final String TEST = "test_32x32.mat";

    private static final List<String> NAMES = List.of(TRAIN, TEST);
    private static final String IMAGES = "X";
    private static final String LABELS = "y";
    private static final int CHANNELS = 3;
    private static final int LABEL_OF_ZERO = 10;

    @Override
    public String wanted() {
        return String.join(", ", NAMES);
    }

    @Override
    public Optional<Path> find(Path place) {
        return Optional.of(place).filter(p -> NAMES.stream().allMatch(name -> has(p, name)));
    }

    @Override
    public String remark(Path place) {
        List<String> missing = NAMES.stream().filter(name -> !has(place, name)).toList();
        if (missing.size() == 1) {
            return "without " + missing.get(0);
        }
        return has(place, "train.tar.gz")
                ? "with train.tar.gz, the whole house numbers: the cropped digits are needed"
                : "";
    }

    private static boolean has(Path place, String name) {
        return Files.isRegularFile(place.resolve(name));
    }

    @Override
    public Dataset read(KnownDataset known, Path found, PublishedFiles published) {
        return new Dataset(
                known.label(),
                found.toString(),
                known.classes(),
                known.augmentation(),
                read(found.resolve(TRAIN), TRAIN, published),
                read(found.resolve(TEST), TEST, published));
    }

    private static ImageSet read(Path file, String name, PublishedFiles published) {
        try (ContentReader in = ContentReader.open(file)) {
            Map<String, MatFile.Array> arrays = MatFile.read(in, Set.of(IMAGES, LABELS));
            in.readToEnd();
            ImageSet set = toSet(in.name(), arrays.get(IMAGES), arrays.get(LABELS));
            published.requireContent(name, in);
            return set;
        }
    }

    private static ImageSet toSet(String name, MatFile.Array images, MatFile.Array labels) {
        int[] shape = images.shape();
        // MATLAB drops a last dimension of 1.
        int count = shape.length == 3 ? 1 : shape[shape.length - 1];
        if (shape.length < 3 || shape.length > 4 || shape[2] != CHANNELS) {
            throw new InputException(
                    "%s: %s: expected rows × columns × %d × images, found %s"
                            .formatted(name, IMAGES, CHANNELS, images.shapeText()));
        }
        if (labels.values().length != count) {
            throw new InputException(
                    "%s: %s: expected %d labels, one for each image, found %d"
                            .formatted(name, LABELS, count, labels.values().length));
        }
        int[] digits = new int[count];
        for (int i = 0; i < count; i++) {
            int label = labels.values()[i] & 0xff;
            if (label < 1 || label > LABEL_OF_ZERO) {
                throw new InputException(
                        "%s: %s: label %d: expected 1 to %d, found %d"
                                .formatted(name, LABELS, i, LABEL_OF_ZERO, label));
            }
            digits[i] = label % LABEL_OF_ZERO;
        }
        // MATLAB's first index runs fastest, so columns lie where rows belong.
        return new ImageSet(CHANNELS, shape[1], shape[0], images.values(), digits).transposed();
    }
}
