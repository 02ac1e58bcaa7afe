package org.centerloss.data;

import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.centerloss.base.InputException;
import org.centerloss.base.NameList;
import org.centerloss.base.NearestName;
import org.centerloss.data.folder.DataFile;
import org.centerloss.device.op.Augmentation;

/**
 * Images of one shape over the same classes: a training and a test set, and perhaps a validation
 * set. One that is only measured may lack any of them, which is then null.
 *
 * @param name the name under which it was asked for, or the folder's own
 * @param source where it was found, for the log
 * @param classes class names; a label is an index into them
 * @param augmentation the changes that the reference makes to its training images
 * @param validation what to choose by while training; null where nothing was kept for that
 * @param files of a folder every image file, whatever its class; empty of a known data set
 */
public record Dataset(
        String name,
        String source,
        List<String> classes,
        Augmentation augmentation,
        ImageSet train,
        ImageSet validation,
        ImageSet test,
        List<DataFile> files) {
    public Dataset {
        requireShape(source, train, validation, Part.VALIDATION);
        requireShape(source, train, test, Part.TEST);
        requireClasses(source, classes, train, Part.TRAIN);
        requireClasses(source, classes, validation, Part.VALIDATION);
        requireClasses(source, classes, test, Part.TEST);
    }

    /** Labels are checked here, once: a device that runs a recorded step cannot refuse one. */
    private static void requireClasses(
            String source, List<String> classes, ImageSet images, Part part) {
        for (int i = 0; images != null && i < images.count(); i++) {
            int label = images.labels()[i];
            if (label < 0 || label >= classes.size()) {
                throw new InputException(
                        "%s: label of %s image %d: expected 0 to %d, found %d"
                                .formatted(source, part.adjective(), i, classes.size() - 1, label));
            }
        }
    }

    private static void requireShape(String source, ImageSet train, ImageSet other, Part part) {
        if (train != null && other != null && !train.imageShape().equals(other.imageShape())) {
            throw new InputException(
                    "%s: %s images: expected %s like the training images, found %s"
                            .formatted(
                                    source,
                                    part.adjective(),
                                    train.imageShape(),
                                    other.imageShape()));
        }
    }

    /** A training and a test set that come from no folder. */
    public Dataset(
            String name,
            String source,
            List<String> classes,
            Augmentation augmentation,
            ImageSet train,
            ImageSet test) {
        this(name, source, classes, augmentation, train, null, test, List.of());
    }

    /**
     * The part that training chooses by: validation images where there are any, else the test's.
     */
    public Part chosenBy() {
        return validation == null ? Part.TEST : Part.VALIDATION;
    }

    /**
     * The images of a part.
     *
     * @throws InputException where there are none
     */
    public ImageSet images(Part part) {
        ImageSet images =
                switch (part) {
                    case TRAIN -> train;
                    case VALIDATION -> validation;
                    case TEST -> test;
                };
        if (images == null) {
            throw new InputException(
                    "%s: expected %s images, found none".formatted(source, part.adjective()));
        }
        return images;
    }

    /**
     * The images of some classes of a part, in their order; a label is an index into {@code
     * wanted}. May be none.
     */
    public ImageSet images(Part part, List<String> wanted) {
        return images(part).relabelled(classes.stream().mapToInt(wanted::indexOf).toArray());
    }

    /** The classes that have images in a part, without those that are known. */
    public List<String> classesBeside(Part part, Collection<String> known) {
        return IntStream.of(images(part).labels())
                .sorted()
                .distinct()
                .mapToObj(classes::get)
                .filter(name -> !known.contains(name))
                .toList();
    }

    /**
     * With a share of the training images of each class kept for validation, chosen by the seed;
     * the same where the share is 0.
     */
    Dataset withValidation(double fraction, long seed) {
        if (fraction == 0) {
            return this;
        }
        boolean[] kept = Stratified.split(seed, train.labels(), classes.size(), fraction);
        return new Dataset(
                name,
                source,
                classes,
                augmentation,
                train.at(i -> !kept[i]),
                train.at(i -> kept[i]),
                test,
                files);
    }

    /**
     * The names of classes to hold out that are given by name or by number; a name goes first.
     *
     * @throws InputException where there is no such class
     */
    public List<String> classesCalled(List<String> given) {
        return given.stream().map(this::classCalled).distinct().toList();
    }

    private String classCalled(String given) {
        if (classes.contains(given)) {
            return given;
        }
        if (given.matches("\\d{1,9}") && Integer.parseInt(given) < classes.size()) {
            return classes.get(Integer.parseInt(given));
        }
        throw new InputException(
                "--hold-out-classes: expected classes of %s (%s) or their numbers from 0 to %d, found %s%s"
                        .formatted(
                                name,
                                NameList.of(classes),
                                classes.size() - 1,
                                given.isEmpty() ? "''" : given,
                                NearestName.hint(given, classes)));
    }

    /**
     * What is left without some classes; the labels of the others close ranks.
     *
     * @throws InputException where one is no class of it, or fewer than two or no images are left
     */
    public Dataset without(Collection<String> left) {
        requireClasses(left);
        Dataset rest = having(c -> !left.contains(c));
        if (!left.isEmpty() && rest.classes.size() < 2) {
            throw new InputException(
                    "%s: expected at least 2 classes without %s, found %d"
                            .formatted(name, NameList.of(left), rest.classes.size()));
        }
        return rest;
    }

    private void requireClasses(Collection<String> names) {
        for (String one : names) {
            if (!classes.contains(one)) {
                throw new InputException(
                        "%s: expected a class %s, found %s"
                                .formatted(name, one, NameList.of(classes)));
            }
        }
    }

    private Dataset having(Predicate<String> wanted) {
        List<String> kept = classes.stream().filter(wanted).toList();
        if (kept.equals(classes)) {
            return this;
        }
        return new Dataset(
                name,
                source,
                kept,
                augmentation,
                some(Part.TRAIN, kept),
                validation == null ? null : some(Part.VALIDATION, kept),
                some(Part.TEST, kept),
                files);
    }

    private ImageSet some(Part part, List<String> kept) {
        ImageSet images = images(part, kept);
        if (images.count() == 0) {
            throw new InputException(
                    "%s: expected %s images of %s, found none"
                            .formatted(source, part.adjective(), NameList.of(kept)));
        }
        return images;
    }
}
