package org.centerloss.cli.command;

import java.util.ArrayList;
import java.util.List;
import org.centerloss.data.Dataset;
import org.centerloss.data.ImageSet;
import org.centerloss.data.Part;
import org.centerloss.train.Checkpoint;

/**
 * The images of a data set that a trained model is measured on.
 *
 * @param known those of classes that the model knows, labelled as the model numbers these
 * @param otherClasses the classes of the others, sorted
 * @param others those of classes that the model does not know, labelled in that order; null where
 *     there are none
 * @param heldOut whether all other classes were held out of training
 */
public record MeasuredImages(
        Dataset dataset,
        Part part,
        ImageSet known,
        List<String> otherClasses,
        ImageSet others,
        boolean heldOut) {
    /**
     * Chooses them.
     *
     * @throws org.centerloss.base.InputException where there are none, or they do not fit the model
     */
    public static MeasuredImages of(Checkpoint checkpoint, Dataset dataset, Part part) {
        List<String> classes = checkpoint.model().classes();
        ImageSet known = dataset.images(part, classes);
        List<String> others = dataset.classesBeside(part, classes);
        checkpoint.requireImagesLike(dataset.images(part));
        checkpoint.requireKnownClass(known, others);
        List<String> heldOut = checkpoint.config().data().heldOutClasses();
        return new MeasuredImages(
                dataset,
                part,
                known,
                others,
                others.isEmpty() ? null : dataset.images(part, others),
                heldOut.containsAll(others));
    }

    /** The classes that the model knows and those that it does not. */
    List<String> allClasses(Checkpoint checkpoint) {
        List<String> all = new ArrayList<>(checkpoint.model().classes());
        all.addAll(otherClasses);
        return all;
    }
}
