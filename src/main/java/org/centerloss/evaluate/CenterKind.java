package org.centerloss.evaluate;

import java.util.Locale;

/** Which centers of the classes images are measured against. */
public enum CenterKind {
    /** The parameter {@code centers}, which training moves. */
    TRAINED("trained centers"),
    /** The means of the features of each class's training images. */
    MEANS("class means");

    private final String text;

    CenterKind(String text) {
        this.text = text;
    }

    /** What they are, for people. */
    public String text() {
        return text;
    }

    /** Its name among options. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
