// Splits PTX text into tokens. Opcodes and directives keep their dots: `ld.global.f32` is one word.
#include "ptx/lexer.h"

#include <cctype>
#include <cstdlib>

namespace vgpu {

void invalid(std::uint32_t line, const std::string& message) {
    throw Fault(CUDA_ERROR_INVALID_PTX, "line " + std::to_string(line) + ": " + message);
}

namespace {

bool startsWord(char c) {
    return std::isalpha(static_cast<unsigned char>(c)) || c == '_' || c == '$' || c == '%' ||
           c == '.';
}

bool continuesWord(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '$' || c == '.';
}

std::size_t wordEnd(std::string_view text, std::size_t from) {
    std::size_t end = from + 1;
    while (end < text.size()) {
        if (continuesWord(text[end])) {
            ++end;
        } else if (text.substr(end, 2) == "::") {  // shared::cta
            end += 2;
        } else {
            break;
        }
    }
    return end;
}

}  // namespace

std::vector<Token> tokenize(std::string_view text) {
    std::vector<Token> tokens;
    std::uint32_t line = 1;
    std::size_t at = 0;
    while (at < text.size() && text[at] != '\0') {
        char c = text[at];
        if (c == '\n') {
            ++line;
            ++at;
        } else if (std::isspace(static_cast<unsigned char>(c))) {
            ++at;
        } else if (text.substr(at, 2) == "//") {
            while (at < text.size() && text[at] != '\n') {
                ++at;
            }
        } else if (text.substr(at, 2) == "/*") {
            std::size_t end = text.find("*/", at + 2);
            if (end == std::string_view::npos) {
                invalid(line, "a comment that does not end");
            }
            for (; at < end + 2; ++at) {
                line += text[at] == '\n';
            }
        } else if (c == '"') {
            std::size_t end = text.find('"', at + 1);
            if (end == std::string_view::npos) {
                invalid(line, "a string that does not end");
            }
            tokens.push_back({Token::Kind::String, text.substr(at + 1, end - at - 1), line});
            at = end + 1;
        } else if (startsWord(c)) {
            std::size_t end = wordEnd(text, at);
            tokens.push_back({Token::Kind::Word, text.substr(at, end - at), line});
            at = end;
        } else if (std::isdigit(static_cast<unsigned char>(c))) {
            std::size_t end = at;
            while (end < text.size() && continuesWord(text[end])) {
                ++end;
            }
            tokens.push_back({Token::Kind::Number, text.substr(at, end - at), line});
            at = end;
        } else {
            tokens.push_back({Token::Kind::Symbol, text.substr(at, 1), line});
            ++at;
        }
    }
    tokens.push_back({Token::Kind::End, "", line});
    return tokens;
}

Number parseNumber(const Token& token) {
    std::string text(token.text);
    Number number;
    char* end = nullptr;
    if (text.size() > 2 && text[0] == '0' &&
        std::string_view("fFdD").find(text[1]) != std::string_view::npos) {
        number.floatBits = (text[1] | 32) == 'f' ? 32 : 64;
        number.bits = std::strtoull(text.c_str() + 2, &end, 16);
        if (text.size() != 2 + number.floatBits / 4) {
            invalid(token.line, "bad number '" + text + "'");
        }
    } else if (text.size() > 2 && text[0] == '0' && (text[1] | 32) == 'b') {
        number.bits = std::strtoull(text.c_str() + 2, &end, 2);
    } else {
        number.bits = std::strtoull(text.c_str(), &end, 0);
        if (*end == 'U') {
            ++end;
        }
    }
    if (*end != '\0') {
        invalid(token.line, "bad number '" + text + "'");
    }
    return number;
}

}  // namespace vgpu
