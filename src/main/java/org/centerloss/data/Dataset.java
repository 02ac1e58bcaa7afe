package org.centerloss.data;

import java.util.List;
import org.centerloss.InputException;
import org.centerloss.device.Augmentation;

/**
 * A training and a test set of images of one shape over the same classes.
 *
 * @param name the name under which it was asked for, or the folder's own
 * @param source where it was found, for the log
 * @param classes class names; a label is an index into them
 * @param augmentation the changes that are made to its training images by default
 */
public record Dataset(
        String name,
        String source,
        List<String> classes,
        Augmentation augmentation,
        ImageSet train,
        ImageSet test) {
    public Dataset {
        if (!train.imageShape().equals(test.imageShape())) {
            throw new InputException(
                    "%s: test images: expected %s like the training images, found %s"
                            .formatted(source, train.imageShape(), test.imageShape()));
        }
    }
}
