package org.centerloss.data;

/** What the images of a data set are for. */
public enum Part {
    /** To train on. */
    TRAIN("training"),
    /** To choose by, while training: the best epoch, the learning rate, settings. */
    VALIDATION("validation"),
    /** To measure on what training has never seen. */
    TEST("test");

    private final String adjective;

    Part(String adjective) {
        this.adjective = adjective;
    }

    /** For sentences: "training" images. */
    public String adjective() {
        return adjective;
    }
}
