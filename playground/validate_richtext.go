package playground

import "maps"

// https://docs.slack.dev/reference/block-kit/blocks/rich-text-block

// richText accepts a whole rich_text object, as the first value of an input.
var richText = typed(map[string]shape{"rich_text": {must: fields{"elements": list(0, 100, richBlock)}}})

// richBlock accepts what may stand directly in a rich_text block.
var richBlock = typed(map[string]shape{
	"rich_text_section":      {must: fields{"elements": inline}},
	"rich_text_quote":        {must: fields{"elements": inline}, may: fields{"border": whole(0, 1)}},
	"rich_text_preformatted": {must: fields{"elements": inline}, may: fields{"border": whole(0, 1), "language": str(1, 100)}},
	"rich_text_list": {
		must: fields{"style": oneOf("bullet", "ordered"),
			"elements": list(1, 1000, typed(map[string]shape{"rich_text_section": {must: fields{"elements": inline}}}))},
		may: fields{"indent": whole(0, 8), "offset": whole(0, 1_000_000), "border": whole(0, 1)},
	},
})

var (
	style = untyped(shape{may: fields{"bold": boolean, "italic": boolean, "strike": boolean, "code": boolean,
		"underline": boolean, "highlight": boolean, "client_highlight": boolean, "unlink": boolean}})

	inline = list(1, 1000, typed(map[string]shape{
		"text":      styled(fields{"text": counted(1, 3000)}, nil),
		"link":      styled(fields{"url": anyURL}, fields{"text": counted(1, 3000), "unsafe": boolean}),
		"user":      styled(fields{"user_id": str(1, 255)}, nil),
		"usergroup": styled(fields{"usergroup_id": str(1, 255)}, nil),
		"channel":   styled(fields{"channel_id": str(1, 255)}, nil),
		"team":      styled(fields{"team_id": str(1, 255)}, nil),
		"broadcast": styled(fields{"range": oneOf("here", "channel", "everyone")}, nil),
		"emoji": styled(fields{"name": str(1, 100)}, fields{"skin_tone": whole(1, 6), "unicode": str(1, 100),
			"url": anyURL}),
		"date": styled(fields{"timestamp": whole(0, 99_999_999_999), "format": str(1, 255)},
			fields{"url": anyURL, "fallback": counted(1, 3000)}),
		"color": styled(fields{"value": str(1, 20)}, nil),
	}))
)

func styled(must, may fields) shape {
	may = maps.Clone(may)
	if may == nil {
		may = fields{}
	}
	may["style"] = style
	return shape{must: must, may: may}
}
