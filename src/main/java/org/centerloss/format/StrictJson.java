package org.centerloss.format;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import java.io.CharConversionException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.centerloss.base.Bounds;
import org.centerloss.base.InputException;
import org.centerloss.base.WholeFile;

/**
 * JSON, written from records and read into them strictly: every component must be there and no
 * other, of its own type, and not null; no name stands twice, and nothing follows. What else must
 * hold, the record's constructor checks, see {@link Bounds}.
 *
 * <p>A component that may be missing or null is marked {@code @JsonProperty(required = false)}.
 */
public final class StrictJson {
    private static final int MOST_BYTES = 256 << 20;

    private static final JsonMapper MAPPER =
            JsonMapper.builder()
                    .annotationIntrospector(new RequiredUnlessMarked())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                    .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                    .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                    .withCoercionConfig(
                            LogicalType.Textual,
                            text -> {
                                text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail);
                                text.setCoercion(CoercionInputShape.Float, CoercionAction.Fail);
                                text.setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
                            })
                    .defaultSetterInfo(JsonSetter.Value.forValueNulls(Nulls.FAIL, Nulls.FAIL))
                    .build();

    /** A record's component must be in the JSON and not null, unless it is marked otherwise. */
    private static final class RequiredUnlessMarked extends JacksonAnnotationIntrospector {
        private static final long serialVersionUID = 1L;

        @Override
        public Boolean hasRequiredMarker(AnnotatedMember member) {
            Boolean marked = super.hasRequiredMarker(member);
            return marked == null ? Boolean.TRUE : marked;
        }

        @Override
        public JsonSetter.Value findSetterInfo(Annotated annotated) {
            boolean required =
                    !(annotated instanceof AnnotatedMember member) || hasRequiredMarker(member);
            return JsonSetter.Value.forValueNulls(required ? Nulls.FAIL : Nulls.SET, Nulls.FAIL);
        }
    }

    private StrictJson() {}

    /** A record in one line. */
    public static String line(Object content) {
        try {
            return MAPPER.writeValueAsString(content);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A record as the content of a file, over several lines. */
    public static byte[] lines(Object content) {
        try {
            String text = MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(content);
            return (text + "\n").getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Reads a file.
     *
     * @throws InputException where it cannot be read or is not exactly one such record
     */
    public static <T> T read(Path file, Class<T> type) {
        return convert(file.toString(), tree(file), type);
    }

    /**
     * Reads a text.
     *
     * @param where the file and the place in it
     * @throws InputException where it is not exactly one such record
     */
    public static <T> T read(String where, String text, Class<T> type) {
        return convert(where, tree(where, text.getBytes(StandardCharsets.UTF_8)), type);
    }

    /**
     * Reads a file as it is.
     *
     * @throws InputException where it cannot be read or is no JSON
     */
    public static JsonNode tree(Path file) {
        try {
            if (Files.isDirectory(file)) {
                throw new InputException(file + ": expected a JSON file, found a folder");
            }
            return tree(file.toString(), WholeFile.read(file, MOST_BYTES));
        } catch (NoSuchFileException e) {
            throw new InputException(file + ": no such file", e);
        } catch (IOException e) {
            throw new InputException(file + ": cannot be read: " + InputException.reason(e), e);
        }
    }

    private static JsonNode tree(String where, byte[] bytes) {
        try {
            JsonNode tree = MAPPER.readTree(bytes);
            if (tree.isMissingNode()) {
                throw new InputException(where + ": expected JSON, found nothing");
            }
            return tree;
        } catch (JsonProcessingException e) {
            throw new InputException(where + ": " + reason(e), e);
        } catch (IOException e) {
            boolean text = !(e instanceof CharConversionException);
            throw new InputException(
                    where + (text ? ": cannot be read" : ": expected JSON, found other bytes"), e);
        }
    }

    /** Where and why a text is no JSON, in words for people. */
    public static String reason(JsonProcessingException e) {
        JsonLocation location = e.getLocation();
        String place =
                location == null
                        ? ""
                        : "line %d, column %d: "
                                .formatted(location.getLineNr(), location.getColumnNr());
        String message = String.valueOf(e.getOriginalMessage());
        if (e instanceof JsonEOFException || message.startsWith("Unexpected end-of-input")) {
            return place + "expected the rest of the JSON, found the end";
        }
        if (e instanceof StreamConstraintsException) {
            return place + "expected JSON of less depth and with shorter names and numbers";
        }
        if (message.startsWith("Duplicate field")) {
            return place
                    + "expected each name once, found "
                    + Bounds.shown(message.split(" ", 3)[2])
                    + " again";
        }
        return place + "expected JSON, found what is none";
    }

    /**
     * Makes a record of a tree.
     *
     * @param where the file and the place in it
     * @throws InputException where it is not exactly one such record
     */
    public static <T> T convert(String where, JsonNode tree, Class<T> type) {
        if (tree.isNull()) {
            throw new InputException("%s: expected %s, found null".formatted(where, words(type)));
        }
        try {
            return MAPPER.treeToValue(tree, type);
        } catch (JsonMappingException e) {
            String path = path(e.getPath());
            String place = path.isEmpty() ? where : where + ": " + path;
            throw new InputException(place + ": " + refusal(tree, e, type), e);
        } catch (JsonProcessingException e) {
            throw new InputException(where + ": expected %s".formatted(words(type)), e);
        }
    }

    private static String path(List<JsonMappingException.Reference> references) {
        return references.stream()
                .map(one -> one.getFieldName() != null ? "." + one.getFieldName() : index(one))
                .collect(Collectors.joining())
                .replaceFirst("^\\.", "");
    }

    private static String index(JsonMappingException.Reference reference) {
        return "[" + reference.getIndex() + "]";
    }

    private static String refusal(JsonNode tree, JsonMappingException e, Class<?> type) {
        Throwable cause = e.getCause();
        if (e instanceof ValueInstantiationException) {
            if (cause instanceof IllegalArgumentException || cause instanceof InputException) {
                return cause.getMessage();
            }
            throw new IllegalStateException("a constructor that does not check", e);
        }
        if (e instanceof UnrecognizedPropertyException) {
            return "expected no field of this name, found one";
        }
        Class<?> target = type;
        if (e instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null) {
            target = mismatch.getTargetType();
        } else if (cause instanceof InputCoercionException coercion) {
            target = coercion.getTargetType();
        }
        JsonNode found = at(tree, e.getPath());
        // Of a null in a list of numbers, the type of the list is told.
        boolean number = found.isNull() && target == double[].class;
        return "expected %s, found %s"
                .formatted(number ? "a value" : words(target), describe(found));
    }

    /** What a value of a type is in JSON, for people. */
    private static String words(Class<?> type) {
        if (type == int.class || type == Integer.class) {
            return "a whole number of 32 bits";
        }
        if (type == long.class || type == Long.class) {
            return "a whole number of 64 bits";
        }
        if (type == double.class || type == Double.class) {
            return "a number";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        if (type == String.class) {
            return "text";
        }
        if (type.isEnum()) {
            return "one of " + Arrays.toString(type.getEnumConstants());
        }
        if (type.isArray() || Collection.class.isAssignableFrom(type)) {
            return "a list";
        }
        return type.isRecord() || Map.class.isAssignableFrom(type) ? "an object" : "a value";
    }

    private static JsonNode at(JsonNode tree, List<JsonMappingException.Reference> path) {
        JsonNode node = tree;
        for (JsonMappingException.Reference one : path) {
            node =
                    one.getFieldName() != null
                            ? node.path(one.getFieldName())
                            : node.path(one.getIndex());
        }
        return node;
    }

    /** A value of a file as a message shows it: whole where it is short. */
    public static String describe(JsonNode node) {
        if (node.isMissingNode()) {
            return "none";
        }
        if (node.isContainerNode()) {
            return node.isArray() ? "a list" : "an object";
        }
        return Bounds.shown(node);
    }
}
