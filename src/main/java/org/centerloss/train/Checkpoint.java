package org.centerloss.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32C;
import org.centerloss.InputException;
import org.centerloss.data.ImageSet;
import org.centerloss.device.Tensor;
import org.centerloss.loss.Objectives;
import org.centerloss.model.Parameter;
import org.centerloss.model.Parameters;
import org.centerloss.model.ResNet;
import org.centerloss.model.Safetensors;
import org.centerloss.model.SafetensorsEntry;
import org.centerloss.model.SafetensorsWriter;

/**
 * A model on disk: one safetensors file that holds the tensors under the reference's names,
 * momentum under {@code momentum.NAME} where training is to go on from it, and in its metadata, as
 * JSON, the configuration, the network's shape, the class names, the progress, and a checksum of
 * the tensors.
 *
 * <p>One file, so that replacing it is atomic and no two parts can disagree.
 */
public final class Checkpoint {
    static final String METADATA_KEY = "centerloss";
    static final String MOMENTUM = "momentum.";
    private static final int FORMAT = 1;

    static final ObjectMapper JSON =
            new ObjectMapper()
                    .setAnnotationIntrospector(new RequiredUnlessMarked())
                    .configure(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES, true);

    /** A record's component must be in the JSON, but for settings that came later. */
    private static final class RequiredUnlessMarked extends JacksonAnnotationIntrospector {
        private static final long serialVersionUID = 1L;

        @Override
        public Boolean hasRequiredMarker(AnnotatedMember member) {
            Boolean marked = super.hasRequiredMarker(member);
            return marked == null ? Boolean.TRUE : marked;
        }
    }

    /** What a model can be applied to. */
    public record Model(ResNet.Shape shape, List<String> classes) {}

    /** The JSON in the metadata. */
    record Header(int format, long crc32c, TrainingConfig config, Model model, Progress progress) {}

    private final Path path;
    private final Safetensors tensors;
    private final Header header;

    private Checkpoint(Path path, Safetensors tensors, Header header) {
        this.path = path;
        this.tensors = tensors;
        this.header = header;
    }

    /**
     * Writes a checkpoint, replacing {@code path} in one step.
     *
     * @param withMomentum whether training can go on from it
     */
    static void write(
            Path path,
            TrainingConfig config,
            Model model,
            Progress progress,
            Parameters parameters,
            boolean withMomentum) {
        SafetensorsWriter writer = new SafetensorsWriter();
        CRC32C checksum = new CRC32C();
        boolean wide = parameters.doublePrecision();
        for (Parameter p : parameters.declared()) {
            put(writer, checksum, p.name(), parameters.value(p.name()), wide);
            if (withMomentum && p.trained()) {
                Tensor momentum = parameters.velocity(p.name());
                put(writer, checksum, MOMENTUM + p.name(), momentum, wide);
            }
        }
        Header header = new Header(FORMAT, checksum.getValue(), config, model, progress);
        try {
            writer.putMetadata(METADATA_KEY, JSON.writeValueAsString(header));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
        AtomicFile.write(path, writer::write);
    }

    private static void put(
            SafetensorsWriter writer, CRC32C checksum, String name, Tensor tensor, boolean wide) {
        double[] values = tensor.toDoubles();
        update(checksum, name, values);
        if (wide) {
            writer.put(name, values, tensor.shape());
        } else {
            writer.put(name, tensor.toFloats(), tensor.shape());
        }
    }

    private static void update(CRC32C checksum, String name, double[] values) {
        checksum.update(name.getBytes(StandardCharsets.UTF_8));
        ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(values.length, Double.BYTES));
        bytes.asDoubleBuffer().put(values);
        checksum.update(bytes);
    }

    /** Reads a checkpoint and checks that it is whole. */
    public static Checkpoint read(Path path) {
        Safetensors tensors = Safetensors.read(path);
        String json = tensors.metadata().get(METADATA_KEY);
        if (json == null) {
            throw new InputException(
                    "%s: expected a checkpoint of centerloss, found a safetensors file without '%s' in its metadata"
                            .formatted(path, METADATA_KEY));
        }
        Header header;
        try {
            header = JSON.readValue(json, Header.class);
        } catch (JsonProcessingException e) {
            throw new InputException(
                    "%s: metadata '%s': %s"
                            .formatted(path, METADATA_KEY, e.getOriginalMessage().split("\n")[0]),
                    e);
        }
        if (header.format() != FORMAT) {
            throw new InputException(
                    "%s: expected checkpoint format %d, found %d"
                            .formatted(path, FORMAT, header.format()));
        }
        Checkpoint checkpoint = new Checkpoint(path, tensors, header);
        checkpoint.requireChecksum();
        return checkpoint;
    }

    private void requireChecksum() {
        CRC32C checksum = new CRC32C();
        for (String name : tensors.entries().keySet()) {
            update(checksum, name, tensors.get(name).toDoubles());
        }
        if (checksum.getValue() != header.crc32c()) {
            throw new InputException(
                    "%s: corrupt: expected CRC-32C %08x over the tensors, found %08x"
                            .formatted(path, header.crc32c(), checksum.getValue()));
        }
    }

    /** CRC-32C over the tensors: tells this state of the model from every other. */
    public long checksum() {
        return header.crc32c();
    }

    public TrainingConfig config() {
        return header.config();
    }

    public Model model() {
        return header.model();
    }

    public Progress progress() {
        return header.progress();
    }

    /** Every tensor of the model, without momentum. */
    public List<Parameter> parameters() {
        TrainingConfig config = config();
        return Objectives.parameters(
                config.objective(), model().shape(), config.centersByGradient());
    }

    /** The values of a tensor, rounded to float32 where the file has float64. */
    public float[] values(Parameter parameter) {
        return tensor(parameter.name(), parameter).toFloats();
    }

    /** Checks that the model takes such images and knows exactly these classes. */
    public void requireImagesLike(ImageSet images, List<String> classes) {
        ResNet.Shape own = model().shape();
        if (own.channels() != images.channels()
                || own.height() != images.height()
                || own.width() != images.width()) {
            throw new InputException(
                    "%s: expected images of %d×%d pixels and %d channels, as it was trained on; found %d×%d and %d"
                            .formatted(
                                    path,
                                    own.width(),
                                    own.height(),
                                    own.channels(),
                                    images.width(),
                                    images.height(),
                                    images.channels()));
        }
        if (!model().classes().equals(classes)) {
            throw new InputException(
                    "%s: expected the classes %s, as it was trained on; found %s"
                            .formatted(path, model().classes(), classes));
        }
    }

    /** Checks that the checkpoint belongs to a run with this model. */
    void requireModel(Model expected) {
        if (!model().equals(expected)) {
            throw new InputException(
                    "%s: expected a checkpoint of %s, found one of %s"
                            .formatted(path, expected, model()));
        }
    }

    /**
     * Copies the tensors into parameters.
     *
     * @param withMomentum whether to copy the momentum too
     */
    public void restore(Parameters parameters, boolean withMomentum) {
        for (Parameter p : parameters.declared()) {
            copy(p.name(), p, parameters.value(p.name()));
            if (withMomentum && p.trained()) {
                copy(MOMENTUM + p.name(), p, parameters.velocity(p.name()));
            }
        }
    }

    private void copy(String name, Parameter parameter, Tensor destination) {
        destination.write(tensor(name, parameter).toDoubles());
    }

    private SafetensorsEntry tensor(String name, Parameter parameter) {
        return tensors.get(name).requireShape(parameter.dimensions());
    }
}
