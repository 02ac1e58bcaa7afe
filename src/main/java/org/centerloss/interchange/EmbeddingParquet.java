package org.centerloss.interchange;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.DelegatingPositionOutputStream;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type.Repetition;
import org.apache.parquet.schema.Types;
import org.centerloss.interchange.EmbeddingTable.Layout;

/**
 * Writes embeddings as Apache Parquet, a column of floats per feature or one column with a list of
 * them, uncompressed: the values are noise to a compressor, and every reader takes it.
 */
final class EmbeddingParquet {
    /** What a writer holds in memory before it goes to the file. */
    private static final long ROW_GROUP_BYTES = 16L << 20;

    private EmbeddingParquet() {}

    static void write(EmbeddingTable table, Layout layout, OutputStream out) throws IOException {
        MessageType schema = schema(table, layout);
        try (ParquetWriter<Group> writer =
                ExampleParquetWriter.builder(new StreamFile(out))
                        .withType(schema)
                        .withConf(new PlainParquetConfiguration())
                        .withCompressionCodec(CompressionCodecName.UNCOMPRESSED)
                        .withRowGroupSize(ROW_GROUP_BYTES)
                        // One encoding per column: of several, the library lists the names in an
                        // order that changes from process to process.
                        .withWriterVersion(WriterVersion.PARQUET_2_0)
                        .withDictionaryEncoding(false)
                        .build()) {
            for (int row = 0; row < table.count(); row++) {
                writer.write(row(table, layout, schema, row));
            }
        }
    }

    private static MessageType schema(EmbeddingTable table, Layout layout) {
        List<String> columns = table.columns();
        LogicalTypeAnnotation text = LogicalTypeAnnotation.stringType();
        Types.MessageTypeBuilder schema = Types.buildMessage();
        if (table.numbered()) {
            schema.required(PrimitiveTypeName.INT32).named(columns.get(0));
        } else {
            schema.required(PrimitiveTypeName.BINARY).as(text).named(columns.get(0));
        }
        schema.optional(PrimitiveTypeName.BINARY).as(text).named(columns.get(1));
        // An image file that cannot be read has neither.
        Repetition made = table.numbered() ? Repetition.REQUIRED : Repetition.OPTIONAL;
        schema.primitive(PrimitiveTypeName.BINARY, made).as(text).named(columns.get(2));
        if (layout == Layout.LIST) {
            schema.list(made)
                    .requiredElement(PrimitiveTypeName.FLOAT)
                    .named(EmbeddingTable.FEATURES);
        } else {
            for (String feature : columns.subList(3, 3 + table.dimension())) {
                schema.primitive(PrimitiveTypeName.FLOAT, made).named(feature);
            }
        }
        if (!table.numbered()) {
            schema.optional(PrimitiveTypeName.BINARY).as(text).named("error");
        }
        return schema.named("embeddings");
    }

    private static Group row(EmbeddingTable table, Layout layout, MessageType schema, int row) {
        Group group = new SimpleGroup(schema);
        if (table.numbered()) {
            group.add(0, row);
        } else {
            group.add(0, table.files().get(row).toString());
        }
        if (table.label(row) != null) {
            group.add(1, table.label(row));
        }
        if (table.error(row) != null) {
            group.add("error", table.error(row));
            return group;
        }
        group.add(2, table.predicted(row));
        if (layout == Layout.LIST) {
            Group list = group.addGroup(3);
            for (int k = 0; k < table.dimension(); k++) {
                list.addGroup(0).add(0, table.feature(row, k));
            }
        } else {
            for (int k = 0; k < table.dimension(); k++) {
                group.add(3 + k, table.feature(row, k));
            }
        }
        return group;
    }

    /** A stream that counts what it takes; closing it leaves the stream below open. */
    private record StreamFile(OutputStream out) implements OutputFile {
        @Override
        public PositionOutputStream create(long blockSizeHint) {
            return new DelegatingPositionOutputStream(out) {
                private long position;

                @Override
                public long getPos() {
                    return position;
                }

                @Override
                public void write(int b) throws IOException {
                    super.write(b);
                    position++;
                }

                @Override
                public void write(byte[] bytes) throws IOException {
                    super.write(bytes);
                    position += bytes.length;
                }

                @Override
                public void write(byte[] bytes, int offset, int length) throws IOException {
                    super.write(bytes, offset, length);
                    position += length;
                }

                @Override
                public void close() throws IOException {
                    flush();
                }
            };
        }

        @Override
        public PositionOutputStream createOrOverwrite(long blockSizeHint) {
            return create(blockSizeHint);
        }

        @Override
        public boolean supportsBlockSize() {
            return false;
        }

        @Override
        public long defaultBlockSize() {
            return 0;
        }
    }
}
