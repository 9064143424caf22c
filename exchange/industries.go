package exchange

import (
	"slices"

	"github.com/mouhua/mouhua/reporting"
)

// industryNames are the Chinese names under which files give the industries.
var industryNames = map[string]string{
	"汽车": "auto", "农产品加工": "agrifood", "轨道客车": "rail",
	"先进装备制造": "equipment", "生物医药": "biomed", "生物及医药健康": "biomed", "光电信息": "opto",
	"新能源汽车": "nev", "新材料": "materials", "大数据": "bigdata",
	"现代服务业": "services", "基础设施": "infrastructure", "地铁经济": "metro",
	"民生公益": "livelihood", "生态环保": "ecology", "现代农业": "agriculture",
}

// industry is an industry by its id or its Chinese name.
var industry = plain(func(p *reporting.Project) *string { return &p.Industry }, setIndustry)

func setIndustry(p *reporting.Project, cell string) *reporting.Error {
	id, ok := industryNames[cell]
	if !ok {
		id = cell
	}
	if !slices.Contains(reporting.Industries, id) {
		return invalid("err.import.choice", "allowed", joined(reporting.Industries))
	}
	p.Industry = id
	return nil
}
