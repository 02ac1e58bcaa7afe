package org.centerloss.interchange;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.centerloss.base.Output;
import org.centerloss.evaluate.Embeddings;
import org.centerloss.format.Npy;
import org.centerloss.interchange.EmbeddingTable.Layout;

/** The kinds of file that embeddings are written to, known by the name's ending. */
public enum EmbeddingFormat {
    /** A header and a line per row, UTF-8; {@code label} is empty where it is not known. */
    CSV {
        @Override
        public List<Path> write(EmbeddingTable table, Path file) {
            Output.write(file, out -> EmbeddingCsv.write(table, out));
            return List.of(file);
        }
    },

    /**
     * The features, float32 [count, dimension], and beside them, in {@code NAME-labels.npy}, the
     * labels, int32 [count], −1 where one is not known.
     */
    NPY {
        @Override
        public List<Path> write(EmbeddingTable table, Path file) {
            String name = file.getFileName().toString();
            String stem = name.substring(0, name.length() - ending().length());
            Path labels = file.resolveSibling(stem + "-labels" + ending());
            Embeddings e = table.embeddings();
            Output.write(labels, out -> Npy.write(out, e.labels(), e.count()));
            Output.write(file, out -> Npy.write(out, e.features(), e.count(), e.dimension()));
            return List.of(file, labels);
        }
    },

    /** The columns of the table; {@code label} is null where it is not known. */
    PARQUET {
        @Override
        public List<Path> write(EmbeddingTable table, Path file) {
            return write(table, file, Layout.COLUMNS);
        }

        @Override
        public List<Path> write(EmbeddingTable table, Path file, Layout layout) {
            Output.write(file, out -> EmbeddingParquet.write(table, layout, out));
            return List.of(file);
        }

        @Override
        public boolean hasLists() {
            return true;
        }
    };

    /** Writes a table, each file in one step, and returns the files. */
    public abstract List<Path> write(EmbeddingTable table, Path file);

    /**
     * Writes a table as {@link #write(EmbeddingTable, Path)} does, with its features in a list
     * where that is asked for and the format {@link #hasLists}.
     */
    public List<Path> write(EmbeddingTable table, Path file, Layout layout) {
        return write(table, file);
    }

    /** Whether a column can hold a list of numbers. */
    public boolean hasLists() {
        return false;
    }

    String ending() {
        return "." + name().toLowerCase(Locale.ROOT);
    }

    /** The endings, for messages. */
    public static List<String> endings() {
        return Arrays.stream(values()).map(EmbeddingFormat::ending).toList();
    }

    /**
     * The format of a file by its name, CSV for a stream whose name does not tell; empty if the
     * ending is none of {@link #endings}.
     */
    public static Optional<EmbeddingFormat> of(Path file) {
        String name = file.getFileName() == null ? "" : file.getFileName().toString();
        return Arrays.stream(values())
                .filter(format -> name.toLowerCase(Locale.ROOT).endsWith(format.ending()))
                .findFirst()
                .or(() -> Output.isStream(file) ? Optional.of(CSV) : Optional.empty());
    }
}
