package org.centerloss.interchange;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.centerloss.evaluate.Embeddings;

/**
 * Embeddings as the rows of a table. Its columns are {@code index}, the place in a data set, or
 * {@code file}, the image; {@code label} and {@code predicted}, names of classes; the features
 * {@code f0}, {@code f1}, …; and for image files {@code error}, why one could not be read.
 *
 * @param classes class names, those that the model knows first; a label is an index into them
 * @param files the image of each row; empty for a data set, whose rows are numbered
 * @param errors per file why it could not be read, null where it could; such a row has no more, its
 *     features are not numbers
 * @param embeddings with the label {@link #UNKNOWN} where the true class is not known
 */
public record EmbeddingTable(
        List<String> classes, List<Path> files, List<String> errors, Embeddings embeddings) {
    public static final int UNKNOWN = -1;

    /** The column with all features, in {@link Layout#LIST}. */
    static final String FEATURES = "features";

    /** How a row holds its features. */
    public enum Layout {
        /** A column for each: {@code f0}, {@code f1}, …. */
        COLUMNS,
        /** One column {@code features}, a list of numbers: Parquet alone has such. */
        LIST
    }

    /** Image files that could all be read, or a data set. */
    public EmbeddingTable(List<String> classes, List<Path> files, Embeddings embeddings) {
        this(classes, files, Collections.nCopies(files.size(), null), embeddings);
    }

    public int count() {
        return embeddings.count();
    }

    public int dimension() {
        return embeddings.dimension();
    }

    /** The names of the columns. */
    public List<String> columns() {
        List<String> columns = new ArrayList<>();
        columns.add(numbered() ? "index" : "file");
        columns.add("label");
        columns.add("predicted");
        for (int k = 0; k < dimension(); k++) {
            columns.add("f" + k);
        }
        if (!numbered()) {
            columns.add("error");
        }
        return columns;
    }

    boolean numbered() {
        return files.isEmpty();
    }

    /** The name of a row's true class, null where it is not known. */
    String label(int row) {
        int label = embeddings.labels()[row];
        return label == UNKNOWN ? null : classes.get(label);
    }

    /** Why a row's image could not be read, null where it could. */
    String error(int row) {
        return numbered() ? null : errors.get(row);
    }

    /** The name of the predicted class, null where the image could not be read. */
    String predicted(int row) {
        return error(row) != null ? null : classes.get(embeddings.predictions()[row]);
    }

    float feature(int row, int k) {
        return embeddings.features()[row * dimension() + k];
    }
}
