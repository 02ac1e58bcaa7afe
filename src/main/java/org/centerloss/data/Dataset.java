package org.centerloss.data;

import java.util.List;

/**
 * A training and a test set over the same classes.
 *
 * @param name the name under which it was asked for
 * @param source where it was found, for the log
 * @param classes class names; a label is an index into them
 */
public record Dataset(
        String name, String source, List<String> classes, ImageSet train, ImageSet test) {}
